"""Why a file can't be imported."""

from portal.imports.failures import ImportFailure


class UnreadableFile(Exception):
    """This file can't be imported. `params` are plain JSON values for the words of the failure."""

    def __init__(self, failure: ImportFailure, **params: int | str) -> None:
        super().__init__(failure, params)
        self.failure, self.params = failure, params
