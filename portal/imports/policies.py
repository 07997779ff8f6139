"""What a workspace may set about its imports."""

from portal.policies import declare

KEEP_DAYS = declare(
    "imports.keep_days",
    default=30,
    label="Days an imported file is kept",
    hint="After that, the file and its rows are deleted. An import can be undone until then.",
    low=1,
    high=365,
)
LARGEST_FILE = declare(
    "imports.largest_file",
    default=200,
    label="Largest file to import, in megabytes",
    hint="A CSV of 200 megabytes holds about a million people.",
    low=1,
    high=200,
)
