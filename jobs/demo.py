"""`python -m jobs.demo`: hands the workers' code to the demo, which builds its workspace with it."""

from jobs import in_process
from portal.demo import workspace_builder

if __name__ == "__main__":
    workspace_builder.main(in_process)
