"""The words by which files say how a company is doing, and what it is to the workspace."""

HEALTH = {
    "green": "green good healthy happy low",
    "yellow": "yellow amber medium neutral watch fair",
    "red": "red poor bad critical high churning unhealthy",
    "unknown": "unknown grey gray",
}
HEALTH_WORDS = {word: health for health, words in HEALTH.items() for word in words.split()} | {
    "at risk": "red"
}
RELATIONSHIPS = {
    "customer": "customer client customerdirect customerchannel kunde",
    "reseller": "reseller partner channelpartner channelpartnerreseller distributor valueaddedreseller var",
    "agency": "agency consultant consultancy serviceprovider",
    "competitor": "competitor rival",
    "government": "government publicsector governmentagency federal",
    "own": "own internal employee subsidiary",
    "unknown": "unknown other",
}
RELATIONSHIP_WORDS = {word: name for name, words in RELATIONSHIPS.items() for word in words.split()}
