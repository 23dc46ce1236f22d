"""The one formula that several rules share."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Bounds:
    lower: float
    upper: float


def wilson(share: float, sample: float, z: float) -> Bounds:
    """Return the Wilson score interval of a share.

    ``share`` is between 0 and 1, ``sample`` the (effective) number of observations, ``z`` the
    quantile of the standard normal distribution, one-sided 1.645 for 95 %. An empty sample says
    nothing: the interval is the whole range. Source: E. B. Wilson, JASA 22 (1927), 209-212.
    """
    if sample <= 0:
        return Bounds(0.0, 1.0)
    z2 = z * z
    scale = 1 + z2 / sample
    middle = (share + z2 / (2 * sample)) / scale
    reach = z / scale * sqrt(share * (1 - share) / sample + z2 / (4 * sample * sample))
    return Bounds(max(0.0, middle - reach), min(1.0, middle + reach))
