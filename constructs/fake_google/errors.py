"""Errors as Google tells them."""

from fake_google.wire import Json, Reply, encoded

_WORDS = {
    400: ("INVALID_ARGUMENT", "invalid"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "alreadyExists"),
    412: ("FAILED_PRECONDITION", "conditionNotMet"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    500: ("INTERNAL", "backendError"),
    501: ("UNIMPLEMENTED", "notImplemented"),
    503: ("UNAVAILABLE", "backendError"),
}


class ApiError(Exception):
    """A request that Google refuses; `status` is HTTP's."""

    def __init__(self, status: int, message: str, *, word: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        usual = _WORDS.get(status, ("UNKNOWN", "unknown"))
        self.word, self.reason = word or usual[0], reason or usual[1]

    def body(self) -> Json:
        """The answer's JSON, with what the older APIs and the newer ones each look at."""
        return {
            "error": {
                "code": self.status,
                "message": self.message,
                "status": self.word,
                "errors": [{"domain": "global", "message": self.message, "reason": self.reason}],
            }
        }

    def reply(self) -> Reply:
        """The answer as it goes over the wire."""
        return Reply(self.status, encoded(self.body()))


def not_found(what: str) -> ApiError:
    """*what* does not exist."""
    return ApiError(404, f"The resource '{what}' was not found")


def exists(what: str) -> ApiError:
    """*what* exists already."""
    return ApiError(409, f"The resource '{what}' already exists")


def invalid(message: str) -> ApiError:
    """A request that makes no sense."""
    return ApiError(400, message)
