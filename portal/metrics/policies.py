"""Targets of the metrics."""

from portal.policies import declare

FULFILLMENT_TARGET = declare(
    "metrics.fulfillment_target",
    80,
    "Target for reference fulfillment, in percent",
    "The share of requested references that are delivered. 0 means no target.",
    high=100,
)
ACTIVATION_TARGET = declare(
    "metrics.activation_target",
    45,
    "Target for advocate activation, in percent",
    "The share of enrolled advocates who are active. 0 means no target.",
    high=100,
)
VOLUME_TARGET = declare(
    "metrics.volume_target",
    30,
    "Target for references delivered in a quarter",
    "A year’s target is four times this. 0 means no target.",
    high=10_000,
)
ADVOCATES_TARGET = declare(
    "metrics.advocates_target",
    50,
    "Target for active advocates",
    "0 means no target.",
    high=100_000,
)
