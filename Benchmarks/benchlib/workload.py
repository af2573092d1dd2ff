"""What is asked of a generator: the same for all of them."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Workload:
    """Closed loop unless `rate` is given; ends after `requests`, if that is given, else after `seconds`."""

    clients: int
    seconds: float
    body: str = ""          # path of a file to upload
    rate: int = 0           # requests a second in total, open loop
    requests: int = 0
    tls: bool = False
    http2: bool = False
    fresh: bool = False     # a new connection for every request
    streams: int = 1        # concurrent requests per client, HTTP/2 only

    def with_url(self, url):
        return Task(url=url, **self.__dict__)

    def changed(self, **values):
        return replace(self, **values)


@dataclass(frozen=True)
class Task(Workload):
    """A workload against a server that is up."""

    url: str = ""

    @property
    def whole_seconds(self):
        return max(1, round(self.seconds))
