"""What a published annual report says: the object that reading, checking, comparing and compiling share."""
