"""How a request is refused: in words, for people, pages and programs."""

from starlette.responses import JSONResponse


def refuse(status: int, message: str, wait: int = 0) -> JSONResponse:
    """Return the answer; `wait` is after how many seconds it is worth to come again."""
    headers = {"Retry-After": str(wait)} if wait else {}
    told = {"detail": message, "error": message, "title": message}
    return JSONResponse(told, status, {**headers, "Cache-Control": "no-store"})
