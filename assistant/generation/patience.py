"""How long a model may take."""

from dataclasses import dataclass, field

from assistant.generation import failures
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationError


@dataclass(slots=True)
class Patience:
    """The limits of one answer; times are those of the event loop's clock, in seconds."""

    endpoint: Endpoint
    begun: float
    heard: float | None = field(default=None, init=False)

    @property
    def until(self) -> float:
        """When patience ends unless the model says something before."""
        end = self.begun + self.endpoint.total_seconds
        if self.heard is None:
            return min(end, self.begun + self.endpoint.first_seconds)
        return min(end, self.heard + self.endpoint.idle_seconds)

    @property
    def failure(self) -> GenerationError:
        """Which limit was passed."""
        limits, host = self.endpoint, self.endpoint.host
        if self.until == self.begun + limits.total_seconds:
            return failures.overlong(host, f"{limits.total_seconds:g} seconds")
        has_begun = self.heard is not None
        return failures.silent(
            host, limits.idle_seconds if has_begun else limits.first_seconds, has_begun
        )
