"""A value for each kind of filter that goes by what is typed."""

from portal.declarations.filter_values import FilterKind

TYPED = {
    FilterKind.TEXT: "a",
    FilterKind.NUMBER: "1..20",
    FilterKind.DAY: "2020-01-01..2040-01-01",
}
