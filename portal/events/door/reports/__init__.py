"""Files in which a platform says who was there: read, and summed up by person. Nothing here knows guests."""
