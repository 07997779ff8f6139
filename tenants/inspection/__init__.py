"""What is wrong with the wall of this database: read from pg_catalog, said in sentences. Nothing is changed."""
