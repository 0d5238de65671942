"""What the command line says, in English and in the Chinese of Hong Kong. Chosen by SAMPAN_LANG, else the locale."""

from collections.abc import Mapping

from sampan.settings import environment

_EN, _ZH = 0, 1
WORDS: dict[str, tuple[str, str]] = {
    "error": ("error", "錯誤"),
    "hint": ("try", "可以試"),
    "interrupted": ("interrupted", "已中斷"),
    "starting": ("No server runs here; starting one …", "未有伺服器運行，正在啟動……"),
    "not_running": ("No server runs.", "伺服器未有運行。"),
    "start_it": ("`sampan up` starts it.", "用 `sampan up` 啟動。"),
    "runs_at": ("Sampan runs at {url}", "Sampan 運行於 {url}"),
    "open_app": ("Open the app (the link works once, for ten minutes; `sampan open` makes another):",
                 "開啟應用程式（連結只可用一次，十分鐘內有效；`sampan open` 會再產生一條）："),
    "already": ("Sampan already runs at {url}", "Sampan 已經運行於 {url}"),
    "detector_failed": ("The detector {name} failed for {times} requests: {reason}", "偵測器 {name} 喺 {times} 個請求出錯：{reason}"),
    "no_cloud": ("No cloud: nothing leaves this machine.", "已關閉雲端：所有資料都留喺呢部機。"),
    "stopping": ("Stopping …", "正在停止……"),
    "stopped": ("Stopped.", "已停止。"),
    "next": ("Try next:", "下一步可以試："),
    "next_elsewhere": ("Try next, in another terminal (Ctrl-C here stops Sampan):",
                       "下一步可以喺另一個終端機試（喺呢度撳 Ctrl-C 就會停止 Sampan）："),
    "next_ask": ("ask in the terminal", "喺終端機發問"),
    "next_base": ("point any OpenAI client here", "將任何 OpenAI 用戶端指向呢度"),
    "next_curl": ("or with curl", "或者用 curl"),
    "next_receipts": ("see what went where", "睇下資料去過邊"),
    "fetching": ("Fetching {name}", "正在下載 {name}"),
    "ready": ("{name} is ready.", "{name} 已就緒。"),
    "absent": ("{name}: {state}", "{name}：{state}"),
    "log_at": ("log: {path}", "記錄檔：{path}"),
    "chat_help": ("Ctrl-C stops an answer; Ctrl-D or /bye ends; /model NAME changes the model.",
                  "Ctrl-C 停止回答；Ctrl-D 或 /bye 結束；/model 名稱 轉模型。"),
    "answer_stopped": ("(stopped)", "（已停止）"),
    "would_go": ("Would go to {model} ({place}), {form}.", "會去 {model}（{place}），{form}。"),
    "refused": ("Refused: {reason}", "已拒絕：{reason}"),
    "held": ("Needs an approval by {who}.", "需要 {who} 批核。"),
    "approved": ("Approved {id}.", "已批准 {id}。"),
    "not_approved": ("Refused {id}.", "已拒絕 {id}。"),
    "still_needs": ("Noted; still needed: {who}.", "已記錄；仲需要：{who}。"),
    "clear": ("in the clear", "原文"),
    "masked": ("with {kinds} masked", "遮蓋 {kinds}"),
    "verified": ("{count} receipts, chain and signatures hold.", "{count} 張收據，鏈同簽署都正確。"),
    "broken": ("The record does not hold:", "記錄有問題："),
    "erase_sure": ("Nobody can check any more what {id} sent. Go on?", "之後無人可以再核對 {id} 送出過乜。繼續？"),
    "erased": ("Erased what {id} sent; the chain says so in {tombstone}.", "已銷毀 {id} 送出內容嘅鎖匙；鏈上記錄喺 {tombstone}。"),
    "key_once": ("This is shown once; keep it now.", "只會顯示一次，請即保存。"),
    "written": ("Written: {path}", "已寫入：{path}"),
    "backup_note": ("Whoever has this file can read your receipts, and the vault too when its key is a file.",
                    "有呢個檔案嘅人可以睇到你嘅收據；如果保管庫嘅鎖匙係檔案，保管庫都睇到。"),
    "restored": ("Restored from {path}; what was there before is in {aside}.",
                 "已由 {path} 還原；原有資料移到 {aside}。"),
    "settings_ok": ("The settings are right.", "設定正確。"),
    "removed": ("Removed {name}.", "已移除 {name}。"),
    "added": ("{name} is here; `sampan models use {name}` makes it the local model.",
              "{name} 已加入；用 `sampan models use {name}` 設為本機模型。"),
    "in_use": ("{name} is the local model now.", "而家用 {name} 做本機模型。"),
    "drift": ("Drift: models do otherwise than expected, by {error} over {count} outcomes; `sampan route show`.",
              "偏離：模型表現同預期相差 {error}（{count} 個結果）；用 `sampan route show` 查看。"),
    "no_drift": ("Models do as expected: off by {error} over {count} outcomes.", "模型表現符合預期：{count} 個結果相差 {error}。"),
    "route_notice": ("The router: {notice}", "路由：{notice}"),
    "route_reset_sure": ("Forget everything that was learned of models. Go on?", "會忘記所有學到嘅模型表現。繼續？"),
    "route_off": ("Estimates were off by {off} on average.", "估計平均相差 {off}。"),
    "route_reset": ("Forgotten; the router begins anew.", "已經忘記，由頭開始學。"),
    "taken_for": ("Taken for: {domains}; difficulty {difficulty} of 4; {language}", "睇落係：{domains}；難度 {difficulty}/4；{language}"),
    "on_trial": ("{model} answers on trial; its answer is kept at a score of {score} or more.",
                 "{model} 試答；核對分數達 {score} 先會採用。"),
    "scan_found": ("Found {count} in {files} files: {kinds}", "喺 {files} 個檔案搵到 {count} 項：{kinds}"),
    "scan_clean": ("Nothing found in {files} files.", "{files} 個檔案都搵唔到敏感資料。"),
    "scan_skipped": ("{count} files inside folders could not be read; name one to see why.",
                     "資料夾入面有 {count} 個檔案讀唔到；指明檔案就會講原因。"),
    "not_read": ("Not read: {reason}", "讀唔到：{reason}"),
    "no_opinions": ("What `sampan findings` remembers does not count here: {reason}", "`sampan findings` 記住嘅嘢今次唔計：{reason}"),
    "masked_kinds": ("Masked {kinds}; the values are in {path}", "已遮蓋 {kinds}；原文存喺 {path}"),
    "remembered": ("Remembered.", "記住咗。"),
    "forgotten": ("Forgotten.", "已經唔記。"),
    "put_back": ("Put back: {count}", "已還原 {count} 項"),
    "nothing": ("Nothing yet.", "暫時未有。"),
    "rules_changed": ("The rules have changed since then; these are the ones in force now.",
                      "規則之後改過，以下按而家生效嘅規則。"),
    "pack_use": ("`sampan policy use NAME` chooses one.", "用 `sampan policy use 名稱` 選用。"),
    "pack_used": ("{name} is in force.", "{name} 已經生效。"),
    "key_made": ("The private half is at {where}. Keep it, and keep it apart from the machines that trust it.",
                 "私鑰存喺 {where}。請妥善保存，唔好放喺信任佢嘅機器上。"),
    "seal_holds": ("The signature holds: {count} files, signed {at} with {by}.",
                   "簽署正確：{count} 個檔案，{at} 以 {by} 簽署。"),
    "policy_kept": ("The policy on disk is broken; the one before it stays in force: {why}",
                    "磁碟上的政策有錯，之前的政策繼續生效：{why}"),
    "policy_shut": ("The policy is broken; only the personal realm is open: {why}",
                    "政策有錯，只開放個人模型：{why}"),
    "device": ("your device", "裝置"),
    "edge": ("your organisation", "機構"),
    "cloud": ("cloud", "雲端"),
}  # fmt: skip


def language(environ: Mapping[str, str] | None = None) -> str:
    """`zh-HK` or `en`."""
    environ = environment() if environ is None else environ
    for name in ("SAMPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name, ""):
            return "zh-HK" if value.lower().startswith(("zh", "yue")) else "en"
    return "en"


def word(key: str, **values: object) -> str:
    """The words of a key in the person's language, with values put in."""
    return WORDS[key][_ZH if language() == "zh-HK" else _EN].format(**values)
