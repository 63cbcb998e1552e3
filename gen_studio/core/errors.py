"""Errors that are sentences for the person in front of the app: what happened, and the way out."""


class UserError(Exception):
    """Something the user can mend. `str(error)` is shown verbatim, so it is a full sentence with a way out."""

    exit_status = 1


class WrongUse(UserError):
    """The request itself cannot be carried out as asked: an unknown name, a value out of range, unsuitable data."""

    exit_status = 2


class Cancelled(Exception):
    """The user called off a long job. Nothing was saved, nothing is wrong."""
