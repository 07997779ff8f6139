"""Who was there: the door, the join page of an event online, and files of attendance."""
