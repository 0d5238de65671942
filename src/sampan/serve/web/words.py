"""What pages say, in English and in the Chinese of Hong Kong."""

import re

LANGUAGES = ("en", "zh-Hant-HK")

WORDS: dict[str, tuple[str, str]] = {
    "tagline": ("One way to the models on your device, in your organisation and in the cloud.",
                "裝置、機構、雲端嘅模型，一個入口。"),
    "no_cloud": ("Cloud is off: nothing leaves this machine.", "已關閉雲端：所有資料都留喺呢部機。"),
    "connect": ("Connect", "連接"),
    "openai": ("OpenAI clients", "OpenAI 用戶端"),
    "anthropic": ("Anthropic clients", "Anthropic 用戶端"),
    "model": ("Model to ask for", "模型名稱"),
    "auto": ("lets Sampan choose", "由 Sampan 揀選"),
    "terminal": ("In a terminal", "喺終端機"),
    "models": ("Models", "模型"),
    "no_models": ("No model yet. `sampan models ls` shows what can be had.", "未有模型。`sampan models ls` 會列出可用嘅模型。"),
    "personal": ("device", "裝置"),
    "enterprise": ("organisation", "機構"),
    "public": ("cloud", "雲端"),
    "ready": ("ready", "就緒"),
    "loading": ("loading", "載入中"),
    "absent": ("not here yet", "未下載"),
    "down": ("not available", "未能使用"),
    "progress": ("Download of {name}", "下載 {name}"),
    "receipts": ("Receipts, signed and chained: {count}. `sampan receipts verify` checks them.",
                 "已簽署並串連嘅收據：{count} 張。用 `sampan receipts verify` 驗證。"),
}  # fmt: skip

_RANGE = re.compile(r"\s*([A-Za-z*]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


def language(accepted: str) -> str:
    """The best of our languages for an `Accept-Language` header; English when none fits."""
    wishes = [
        (found[1].lower(), float(found[2] or 1)) for part in accepted.split(",") if (found := _RANGE.fullmatch(part))
    ]
    ours = [(weight, tag) for tag, weight in wishes if tag in {"zh", "yue", "en"} and weight > 0]
    best = max(ours, key=lambda wish: wish[0], default=(0.0, "en"))
    return LANGUAGES[best[1] != "en"]


def word(name: str, tongue: str) -> str:
    """A text in one of our languages."""
    return WORDS[name][LANGUAGES.index(tongue)]
