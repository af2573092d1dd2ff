"""Shapes of load: the stages of a scenario, and when they reach a rate."""
from dataclasses import dataclass


# The second at which the relief of a storm begins.
RELIEF = 105
STORM = ["baseline", "trigger", "after", "relief", "again"]


@dataclass(frozen=True)
class Load:
    """Attempts per second over a run; `quiet` until `begin`, then up to `peak` in that shape."""

    shape: str
    quiet: float
    peak: float
    begin: int = 20
    seconds: int = 80

    @property
    def corners(self):
        """(second, rate) of each corner; two at the same second make a step."""
        end = self.seconds
        if self.shape == "constant":
            return [(0, self.quiet), (end, self.quiet)]
        if self.shape == "step":
            return [(0, self.quiet), (self.begin, self.quiet), (self.begin, self.peak), (end, self.peak)]
        if self.shape == "ramp":
            return [(0, self.quiet), (self.begin, self.quiet), (end - 10, self.peak), (end, self.peak)]
        if self.shape == "surge":
            fall = self.begin + 36
            return [
                (0, self.quiet), (self.begin, self.quiet), (self.begin + 6, self.peak), (fall, self.peak),
                (fall, self.quiet), (end, self.quiet)]
        if self.shape == "storm":
            # Quiet, a trigger, quiet again, relief, and quiet once more.
            low = 0.2 * self.quiet
            return [
                (0, self.quiet), (30, self.quiet), (30, self.peak), (45, self.peak), (45, self.quiet),
                (RELIEF, self.quiet), (RELIEF, low), (RELIEF + 20, low), (RELIEF + 20, self.quiet), (end, self.quiet)]
        raise ValueError(f"there is no load of shape {self.shape}")

    def rate(self, second):
        """The rate at a moment; after a step's moment the later one."""
        found = 0.0
        for (start, low), (stop, high) in zip(self.corners, self.corners[1:]):
            if start <= second < stop:
                found = low + (high - low) * (second - start) / (stop - start)
        return found

    def reaches(self, rate):
        """The first moment at which the rate is at least that; None when it never is."""
        for (start, low), (stop, high) in zip(self.corners, self.corners[1:]):
            if low >= rate:
                return float(start)
            if high >= rate and stop > start:
                return start + (stop - start) * (rate - low) / (high - low)
        return None

    @property
    def intents(self):
        """How many are expected in all."""
        return sum(
            (low + high) / 2 * (stop - start)
            for (start, low), (stop, high) in zip(self.corners, self.corners[1:]))

    def stages(self, share=1.0):
        """The stages of a ramping-arrival-rate population with that share of the load."""
        stages = []
        before = self.corners[0][1]
        for (start, low), (stop, high) in zip(self.corners, self.corners[1:]):
            if stop > start:
                # A step is a stage that is at its target at once.
                stages.append((stop - start, high, low != before))
            before = high if stop > start else before
        lines = []
        for number, (duration, high, is_step) in enumerate(stages):
            words = [f"duration: {duration}s", f"target: {share * high:.3f}/s"]
            if self.shape == "storm":
                words.insert(0, f"name: {STORM[number]}")
                words += ["kind: relief"] if STORM[number] == "relief" else []
            words += ["shape: step"] if is_step else []
            lines.append(f"{{ {', '.join(words)} }}")
        return lines
