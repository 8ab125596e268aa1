"""What dialling brought to light: values the client yields and the checks compare."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from enum import StrEnum

from pytest_hkexprt.model import Endpoint


class Answer(StrEnum):
    """What came of dialling an address."""

    OPEN = "open"
    REFUSED = "refused"
    """Somebody is there, and nobody listens on the port."""
    NO_ANSWER = "no answer"
    """Silence, as behind a packet filter."""
    NO_ROUTE = "no route"
    """There is no way there from here."""
    NAME_UNKNOWN = "name unknown"
    FAILED = "failed"
    """In another way; :attr:`Probe.told` has the system's words."""


class Service(StrEnum):
    """Who answered, by the first words it says unasked."""

    FITS = "as expected"
    OTHER = "another service"
    MUTE = "says nothing"
    UNASKED = "not one that speaks first"


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """The line a participant says it uses; only its addresses can be observed."""

    name: str = ""
    """``HSN`` or ``SDNET``; empty when not said."""
    subnet: str = ""
    """The line's own network at the participant's end, such as ``192.0.2.0/24``; empty when not said."""
    source_address: str = ""
    """The address to dial from; empty for the system's choice."""
    said_in: str = "hkexprt.toml"
    """Where all this is from."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One address, dialled some times."""

    endpoint: Endpoint
    """As configured; its host may be a name."""
    address: str
    """``host:port`` that was dialled, in numbers; empty where the name is unknown."""
    answer: Answer
    """To the first connect."""
    told: str = ""
    """Why it did not answer; empty where it did."""
    next_step: str = ""
    local: str = ""
    """The address dialled from: the socket's own, or, where no connection stood, the one the system would use."""
    times_s: tuple[float, ...] = ()
    """How long each connect that stood took."""
    attempts: int = 1
    later: str = ""
    """Why a later connect did not stand; empty where all did."""
    service: Service = Service.UNASKED
    expects: str = ""
    """How the greeting should begin; empty for a service that waits to be spoken to."""
    said: str = ""
    """What it said, made visible."""
    mtu_bytes: int | None = None
    """The path's largest packet as the system knows it; None where it does not tell."""
    mss_bytes: int | None = None
    """TCP's largest segment on the connection."""

    @property
    def by_name(self) -> bool:
        """Whether the address was found by resolving a name."""
        return self.address != self.endpoint.address

    @property
    def median_s(self) -> float:
        """The median of the connects that stood; 0 where none did."""
        return statistics.median(self.times_s) if self.times_s else 0.0

    @property
    def latency(self) -> str:
        """Least, median and greatest time of a connect."""
        return (
            " / ".join(f"{each * 1000:.2f}" for each in (min(self.times_s), self.median_s, max(self.times_s))) + " ms"
        )
