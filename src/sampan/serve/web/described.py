"""What each setting does, in one sentence, for the settings screen. `_` marks what the catalogues translate."""

from collections.abc import Callable


def described(_: Callable[[str], str]) -> dict[str, str]:
    """Dotted key -> one sentence."""
    return {
        "server.host": _("Address that Sampan listens on. Others than this machine need a key."),
        "server.port": _("Port of the endpoint."),
        "server.max_body_mb": _("Largest request, in MB."),
        "server.allowed_hosts": _("Other names that this Sampan is reached by."),
        "server.cors_origins": _("Web pages of other sites that may ask."),
        "server.workers": _("Processes. One, so that the record has one chain."),
        "local.enabled": _("Run a model on this machine."),
        "local.model": _("Which one. Empty: the one that fits the free memory."),
        "local.context": _("Tokens that one conversation may have on the local model."),
        "local.parallel": _("Requests that the local model answers at one time."),
        "local.threads": _("Processor threads for the local model. 0: by itself."),
        "local.idle_unload_minutes": _(
            "Minutes without a request after which the local model leaves the memory. 0: never."
        ),
        "local.embeddings": _("Offer embeddings made on this machine."),
        "local.discover": _("Look for Ollama, LM Studio and llama.cpp on this machine."),
        "privacy.no_cloud": _("Nothing leaves this machine: no cloud, no organisation, no downloads."),
        "privacy.names": _("Find names of people, addresses and organisations where a request could leave."),
        "privacy.guidance": _("Tell a model that gets stand-ins in one line what they are."),
        "privacy.hints": _("What a model may be told of masked values: gender, age, area, domain."),
        "privacy.national_ids": _(
            "Countries whose identity numbers are looked for, besides Hong Kong's neighbours; one a line."
        ),
        "privacy.terms": _("Your own words to protect, one a line."),
        "privacy.terms_file": _("A file with such words, one a line."),
        "policy.pack": _("The built-in rules that yours start from."),
        "policy.user_dir": _("Folder of your own rules."),
        "policy.ceiling_dir": _("Folder of your organisation's rules. Nothing below can loosen them."),
        "policy.ceiling_key": _("The public key that your organisation's rules are signed with."),
        "policy.ceiling_serial": _("The lowest serial number that your organisation's signed rules may have. 0: any."),
        "receipts.fsync": _("Write each receipt to the disk at once, or in groups of a few milliseconds."),
        "receipts.keep_sent": _("Whose requests are kept as they were sent, encrypted: Sampan's own, all, or none."),
        "receipts.keep_sent_days": _("For how many days."),
        "approvals.wait_s": _("Seconds that an app is kept waiting for an approval."),
        "approvals.open_s": _("Seconds that somebody may answer."),
        "approvals.most": _("Requests that may wait at one time."),
        "approvals.conversation_h": _("Hours that an approval for a conversation lasts."),
        "route.epsilon": _("Expected quality that Auto gives up for a lower price."),
        "route.second_usd": _("What a second of waiting is worth, in US dollars."),
        "route.home_usd": _("What it is worth that an answer comes from your own device, in US dollars."),
        "route.trial": _("Auto may let a cheaper model answer first and check its answer."),
        "route.hedge": _("Ask a second model when the first is slower than this share of its answers. 0: never."),
        "route.trial_s": _("Seconds after which a trial ends."),
        "route.second_sample": _("Ask your own device twice where that can turn the verdict."),
        "route.shadow": _("Share of requests to Auto that a second allowed model answers too, only to compare."),
        "route.learn": _("Learn from what you say of answers, on this device."),
    }


def sections(_: Callable[[str], str]) -> dict[str, str]:
    """Section -> its heading."""
    return {
        "privacy": _("Privacy"),
        "local": _("The model on this machine"),
        "route": _("Choosing a model"),
        "policy": _("Rules"),
        "approvals": _("Approvals"),
        "receipts": _("Receipts and retention"),
        "server": _("Endpoint"),
    }
