"""What a file can tell us, kind by kind, and the names its columns go by in Salesforce, HubSpot and elsewhere."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import lazy_gettext as _l

from portal.imports.models import ImportKind
from portal.imports.values.field_types import FieldType, ImportField, normal_heading

F, V = ImportField, FieldType
TAGS_FIELD = F("tags", _l("Tags"), V.TAGS, "tags tag labels label")
COMPANY_FIELDS = (
    F("industry", _l("Industry"), V.TEXT, "industry accountindustry gicssector sector branche"),
    F("sub_industry", _l("Sub-industry"), V.TEXT, "subindustry gicssubindustry"),
    F("region", _l("Region"), V.TEXT, "region salesregion territory"),
    F("city", _l("City"), V.PLACE, "billingcity headquarterslocation city mailingcity location stadt ort"),
    F("employees", _l("Employees"), V.NUMBER, "employees numberofemployees noofemployees staff mitarbeiter"),
    F(
        "arr_cents",
        _l("Annual contract value"),
        V.MONEY,
        "annualcontractvalue acv arr annualrecurringrevenue contractvalue arrconverted acvconverted",
    ),
    F("currency", _l("Currency"), V.CURRENCY, "currency currencyisocode accountcurrency dealcurrencycode"),
    F("health", _l("Health"), V.HEALTH, "health healthscore accounthealth customerhealth healthstatus"),
    F(
        "relationship",
        _l("Relationship"),
        V.RELATIONSHIP,
        "relationship accountrelationship accounttype companytype customertype",
    ),
    F("renewal_on", _l("Renewal date"), V.DAY, "renewaldate nextrenewal renewal contractenddate enddate"),
    F("customer_since", _l("Customer since"), V.DAY, "customersince becameacustomerdate contractstartdate"),
    F(
        "owner_email",
        _l("Account owner’s email"),
        V.EMAIL,
        "accountowneremail companyowneremail csmemail owneremail accountmanageremail",
    ),
)
ACCOUNT_FIELDS = (
    F(
        "name",
        _l("Company name"),
        V.NAME,
        "accountname companyname security company name customer account organisation organization firma",
        required=True,
    ),
    F(
        "external_id",
        _l("CRM ID"),
        V.ID,
        "accountid companyid recordid symbol ticker customerid id",
    ),
    *COMPANY_FIELDS,
    F("competitors", _l("Competes with"), V.COMPETITORS, "competitors competeswith"),
    TAGS_FIELD,
)
PERSON_FIELDS = (
    F(
        "email",
        _l("Email address"),
        V.EMAIL,
        "email emailaddress workemail businessemail mail emailadresse",
        required=True,
    ),
    F("first_name", _l("First name"), V.PERSON_NAME, "firstname givenname vorname"),
    F("last_name", _l("Last name"), V.PERSON_NAME, "lastname surname familyname nachname"),
    F("full_name", _l("Full name"), V.TEXT, "fullname contactname name"),
    F("title", _l("Job title"), V.TITLE, "title jobtitle position jobrole"),
    F("external_id", _l("CRM ID"), V.ID, "contactid recordid leadid personid id"),
    F(
        "company",
        _l("Company name"),
        V.NAME,
        "accountname companyname associatedcompany company account organization employer firma",
    ),
    F(
        "company_external_id",
        _l("Company’s ID in your CRM"),
        V.ID,
        "accountid companyid associatedcompanyid",
    ),
    F("products", _l("Products they use"), V.LIST, "products product productsowned productsused"),
    F("use_cases", _l("Use cases"), V.LIST, "usecases usecase"),
    F("languages", _l("Languages"), V.LIST, "languages language preferredlanguage"),
    F("time_zone", _l("Time zone"), V.ZONE, "timezone"),
    F("nps", _l("NPS score, 0 to 10"), V.SCORE, "nps npsscore netpromoterscore"),
    *COMPANY_FIELDS,
    TAGS_FIELD,
)
DEAL_FIELDS = (
    F("name", _l("Deal name"), V.NAME, "opportunityname dealname opportunity deal name", required=True),
    F(
        "prospect",
        _l("Prospect company"),
        V.NAME,
        "prospect prospectcompany accountname associatedcompany companyname company account",
        required=True,
    ),
    F("external_id", _l("CRM ID"), V.ID, "opportunityid dealid recordid id"),
    F("stage", _l("Stage"), V.TEXT, "stage dealstage stagename salesstage"),
    F("amount_cents", _l("Amount"), V.MONEY, "amount dealamount opportunityamount value amountconverted"),
    F(
        "currency",
        _l("Currency"),
        V.CURRENCY,
        "currency currencyisocode opportunitycurrency dealcurrencycode",
    ),
    F("close_on", _l("Close date"), V.DAY, "closedate expectedclosedate closingdate"),
    F("industry", _l("Industry"), V.TEXT, "industry accountindustry sector"),
    F("region", _l("Region"), V.TEXT, "region salesregion territory"),
    F("product", _l("Product"), V.TEXT, "product productname products primaryproduct"),
    F("competitor", _l("Competitor"), V.TEXT, "competitor maincompetitor maincompetitors competitors"),
    F(
        "rep_email",
        _l("Rep’s email"),
        V.EMAIL,
        "owneremail opportunityowneremail dealowneremail repemail salesrepemail",
    ),
)
OF_ACCOUNT = (  # which account a line is about, by its id in the CRM or by its name
    F(
        "company",
        _l("Company name"),
        V.NAME,
        "accountname companyname account company customername customer organization",
        instead_of="company_external_id",
    ),
    F(
        "company_external_id",
        _l("Company’s ID in your CRM"),
        V.ID,
        "accountid companyid crmid salesforceid customerid organizationid",
    ),
)
USAGE_FIELDS = (
    *OF_ACCOUNT,
    F(
        "day",
        _l("Month or day"),
        V.MONTH,
        "month period usagemonth usagedate day date reportdate monat",
        required=True,
    ),
    F("licenses", _l("Licenses"), V.NUMBER, "licenses licences seats licensedseats purchasedseats lizenzen"),
    F("active_users", _l("Active users"), V.NUMBER, "activeusers monthlyactiveusers mau activeseats users"),
    F("features", _l("Features used"), V.LIST, "featuresused features modules activefeatures"),
)
SUBSCRIPTION_FIELDS = (
    *OF_ACCOUNT,
    F(
        "starts_on",
        _l("From"),
        V.DAY,
        "startdate subscriptionstartdate contractstartdate termstartdate startson from start",
        required=True,
    ),
    F(
        "ends_on",
        _l("Until"),
        V.DAY,
        "enddate subscriptionenddate contractenddate termenddate endson until to end",
    ),
    F(
        "arr_cents",
        _l("ARR"),
        V.MONEY,
        "arr annualrecurringrevenue acv annualcontractvalue amount arrconverted",
        required=True,
    ),
    F("currency", _l("Currency"), V.CURRENCY, "currency currencyisocode currencycode"),
    F("reason", _l("Reason"), V.TEXT, "reason changereason movement changetype type"),
)
FIELDS: dict[ImportKind, tuple[ImportField, ...]] = {
    ImportKind.ACCOUNTS: ACCOUNT_FIELDS,
    ImportKind.PEOPLE: PERSON_FIELDS,
    ImportKind.DEALS: DEAL_FIELDS,
    ImportKind.USAGE: USAGE_FIELDS,
    ImportKind.SUBSCRIPTIONS: SUBSCRIPTION_FIELDS,
}
OPT_OUTS_CELL = "opt_outs"  # the columns in which a line says that somebody is opted out
CUSTOM_CELL = "custom_values"  # JSON: the values of custom fields by the names of their inputs
WITH_CUSTOM_FIELDS = (ImportKind.ACCOUNTS, ImportKind.PEOPLE)
OF_ACCOUNTS = (ImportKind.USAGE, ImportKind.SUBSCRIPTIONS)  # their lines are about accounts that are there


def cells_of(kind: ImportKind) -> list[str]:
    cells = [cell for field in FIELDS[kind] for cell in field.cells]
    custom = [CUSTOM_CELL] if kind in WITH_CUSTOM_FIELDS else []
    return [*cells, *([OPT_OUTS_CELL] if kind == ImportKind.PEOPLE else []), *custom]


def is_lacking(field: ImportField, mapping: Collection[str]) -> bool:
    """Tell whether a file can't be imported without a column for this field."""
    is_needed = field.required or (bool(field.instead_of) and field.instead_of not in mapping)
    return is_needed and field.name not in mapping


def field_of(kind: ImportKind, name: str) -> ImportField | None:
    return next((field for field in FIELDS[kind] if field.name == name), None)


def guess_mapping(kind: ImportKind, header: Sequence[str]) -> dict[str, int]:
    """Map fields to column numbers: each column serves one field, the best name first."""
    columns = {normal_heading(heading): number for number, heading in reversed(list(enumerate(header)))}
    mapping: dict[str, int] = {}
    for field in FIELDS[kind]:
        fitting = (columns[name] for name in field.headings.split() if name in columns)
        found = next((number for number in fitting if number not in mapping.values()), None)
        if found is not None:
            mapping[field.name] = found
    return mapping | _currency_beside_amount(kind, header, mapping)


def _currency_beside_amount(
    kind: ImportKind, header: Sequence[str], mapping: Mapping[str, int]
) -> dict[str, int]:
    """“Amount Currency” is the currency of “Amount”, whatever else is called a currency."""
    amounts = [
        normal_heading(header[mapping[each.name]])
        for each in FIELDS[kind]
        if each.type == FieldType.MONEY and each.name in mapping
    ]
    headings = {
        name
        for amount in amounts
        for name in (f"{amount}currency", f"{amount}currencycode", f"currency{amount}")
    }
    headings |= {f"{amount}currencyisocode" for amount in amounts}
    found = (number for number, heading in enumerate(header) if normal_heading(heading) in headings)
    column = next(found, None)
    return {} if column is None else {"currency": column}


def guess_kind(header: Sequence[str]) -> ImportKind:
    """Return the kind that has its required fields and uses the most columns; companies when in doubt."""

    def fit(kind: ImportKind) -> tuple[bool, int]:
        mapping = guess_mapping(kind, header)
        return not any(is_lacking(field, mapping) for field in FIELDS[kind]), len(mapping)

    return max(GUESS_ORDER, key=fit)


GUESS_ORDER = (
    *(ImportKind.ACCOUNTS, ImportKind.DEALS, ImportKind.PEOPLE, ImportKind.SUBSCRIPTIONS, ImportKind.USAGE),
)
KNOWN_HEADINGS = frozenset(
    name for fields in FIELDS.values() for field in fields for name in field.headings.split()
)


def count_known_headings(cells: Sequence[str]) -> int:
    return sum(normal_heading(cell) in KNOWN_HEADINGS for cell in cells)
