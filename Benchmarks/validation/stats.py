"""Intervals, quantiles and calibration, by their formulas."""
import math


def quantile(values, share):
    """The value at rank ceil(share x n); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered) * (1 - 4e-15))) - 1]


def median(values):
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def deviation(values):
    """The median absolute deviation, scaled to a normal standard deviation."""
    centre = median(values)
    return 1.4826 * median([abs(value - centre) for value in values])


def wilson(successes, trials, z=1.959964):
    """Wilson's score interval of a share (E. B. Wilson, JASA 1927)."""
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    # At either end the formula gives the end itself, up to rounding.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == trials else min(1.0, centre + half)


def upper_bound(successes, trials, level=0.95):
    """The one-sided bound above a share, exactly (Clopper and Pearson, 1934); 0 of 300 gives 1.0 %."""
    if not trials or successes >= trials:
        return 1.0

    def at_most(share):
        return sum(
            math.comb(trials, k) * share ** k * (1 - share) ** (trials - k) for k in range(successes + 1))

    low, high = successes / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if at_most(middle) > 1 - level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def brier(answers):
    """Brier's score over all explanations: the mean squared distance of probabilities from the truth.

    `answers` holds (probabilities by name, truth); 0 is perfect, 2 the worst.
    """
    if not answers:
        return None
    total = 0.0
    for probabilities, truth in answers:
        total += sum((p - (name == truth)) ** 2 for name, p in probabilities.items())
        total += 1 if truth not in probabilities else 0
    return total / len(answers)


def calibration(answers, bins=10):
    """Bins of (confidence, right): rows of (low, count, mean confidence, share right)."""
    rows = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            (p, right) for p, right in answers
            if low <= p < high or (number == bins - 1 and p == 1)]
        if inside:
            rows.append((
                low, len(inside), sum(p for p, _ in inside) / len(inside),
                sum(1 for _, right in inside if right) / len(inside)))
    return rows


def expected_calibration_error(answers, bins=10):
    """The mean distance of confidence from the share right, weighted by the bins' counts."""
    rows = calibration(answers, bins)
    total = sum(count for _, count, _, _ in rows)
    return sum(count * abs(p - share) for _, count, p, share in rows) / total if total else None
