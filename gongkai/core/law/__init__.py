"""The regulations (《政府信息公开条例》) as data and pure functions. Rules from memory are parameters."""
