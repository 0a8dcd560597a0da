"""Who: agencies in their dated tree, their staff, roles and settings."""
