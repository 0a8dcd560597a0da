"""The regulations (《政府信息公开条例》) as data and pure functions; rules from memory are parameters with a default."""
