"""Every feature's metrics, in the order in which pages list them: for every process."""

from portal.asks.metrics import ACTIVATION, ADVOCATE_COUNT
from portal.declarations.metrics import METRICS
from portal.references.metrics import FULFILLMENT, VOLUME

METRICS.add(FULFILLMENT, ACTIVATION, VOLUME, ADVOCATE_COUNT)
