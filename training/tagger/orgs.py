"""Invented companies, schools, clinics and shops, and real public bodies."""

from __future__ import annotations

from random import Random

import addresses
import people

LUCK = "永恒恆昌盛興隆泰豐富順利達成信誠華新大中東南亞環球國際聯合金銀寶福祥安和康健美麗佳樂明光輝天宏偉啟創智先鋒卓越領航星海港灣遠橋衡澤潤滙匯通旭晉駿騰嘉德仁愛善慈恩晴朗藍綠橙一正道"
TRADE = (
    "貿易 實業 投資 地產 物業管理 建築 工程 顧問 科技 資訊科技 電子 機電 運輸 物流 船務 旅遊 旅行社 飲食 餐飲 食品 製衣 紡織 珠寶 鐘錶 印刷 設計 廣告 傳媒 出版 教育 保險 保險顧問 證券 財務 會計師 "
    "金融 資產管理 醫療 藥業 清潔服務 保安 裝修 工程顧問 裝飾 五金 汽車 環保 生物科技 網絡 軟件 文化 娛樂 美容 物理治療 測量師 酒店管理 控股 發展 集團 國際 企業 電腦 冷氣工程 水電工程"
).split()
SUFFIX = "有限公司 有限公司 有限公司 有限公司 公司 集團 集團有限公司 (香港)有限公司 控股有限公司 株式會社 工作室 行 事務所 股份有限公司".split()
SHOP = "茶餐廳 冰室 粉麵 麵家 士多 超級市場 便利店 藥房 餅店 餅家 酒樓 海鮮酒家 髮廊 美容院 診所 牙科診所 中醫館 醫務所 物理治療中心 補習社 教育中心 琴行 書局 文具店 寵物店 動物診所 五金舖 車行 洗衣店 地產代理 律師行 會計師樓 會計師事務所 律師事務所 健身中心 瑜伽中心 幼兒中心 護老院 安老院 青年中心 花店 照相館 眼鏡 燒臘 小廚 咖啡店 咖啡 甜品 餐廳 火鍋 壽司 食品廠 印刷廠".split()
SCHOOL = "中學 小學 幼稚園 書院 英文中學 官立中學 官立小學 紀念中學 女子中學 男校 工業中學 國際學校 職業訓練中心 專業學院 幼兒園 天主教小學 學校".split()
SCHOOL_HEAD = "培正 培道 培青 聖保羅 聖約翰 聖瑪利 聖士提反 真光 協恩 拔萃 英華 華仁 喇沙 皇仁 崇真 嘉諾撒 瑪利諾 基督教宣道會 路德會 浸信會 保良局 東華三院 仁濟醫院 博愛醫院 佛教 孔教 五邑 潮州 順德聯誼 旅港 新界鄉議局 元朗公立 沙田 大埔 將軍澳 粉嶺 荃灣 屯門 順利 明愛 樂善堂 慈幼 香港仔 迦密 港九潮州公會 世界龍岡 天主教".split()
NGO = "慈善基金 基金會 協會 總會 商會 同鄉會 教會 堂會 福利會 社區中心 互助委員會 業主立案法團 校友會 家長教師會 學會 研究所 工會 委員會 義工隊 青年會 服務中心 長者中心 家庭服務中心".split()
PUBLIC_Z = (
    "入境事務處 運輸署 稅務局 衞生署 教育局 房屋署 社會福利署 警務處 消防處 醫院管理局 醫管局 廉政公署 勞工處 海關 康文署 食環署 民政事務總署 屋宇署 地政總署 差餉物業估價署 金管局 證監會 積金局 強積金管理局 港交所 立法會 "
    "消委會 私隱專員公署 貿發局 生產力促進局 考評局 職業訓練局 公務員事務局 律政司 司法機構 差館 香港警察 水務署 渠務署 環保署 市建局 房協 房委會 滙豐 滙豐銀行 中銀 中國銀行 恒生銀行 渣打 渣打銀行 東亞銀行 花旗銀行 星展銀行 "
    "工銀亞洲 南洋商業銀行 眾安銀行 港鐵 九巴 城巴 國泰 國泰航空 中電 港燈 煤氣公司 電訊盈科 香港寬頻 數碼通 中國移動 百佳 惠康 萬寧 屈臣氏 莎莎 周大福 周生生 六福珠寶 大家樂 大快活 美心 麥當勞 星巴克 宜家 豐澤 百老匯 "
    "香港大學 港大 中文大學 中大 科技大學 科大 理工大學 理大 城市大學 城大 浸會大學 浸大 嶺南大學 嶺大 教育大學 教大 都會大學 樹仁大學 恒生大學 "
    "瑪麗醫院 瑪嘉烈醫院 伊利沙伯醫院 廣華醫院 威爾斯親王醫院 屯門醫院 東區醫院 將軍澳醫院 聯合醫院 仁濟醫院 北區醫院 養和醫院 聖德肋撒醫院 浸會醫院 律敦治醫院 明愛醫院 那打素醫院 博愛醫院 天水圍醫院 港怡醫院 "
    "聯合國 世衞 世界衛生組織 欧盟 国务院 外交部 教育部 公安部 北京大学 清华大学 复旦大学 中国科学院 新华社 人民日报 中央电视台 阿里巴巴 腾讯 华为 百度 小米 京东 字节跳动 中国石油 中国人民银行 最高人民法院 全国人大 中共中央 财政部 "
    "谷歌 微軟 蘋果公司 亞馬遜 三星電子 豐田汽車 東華三院 保良局 明愛 救世軍 紅十字會 奧比斯 世界宣明會 無國界醫生 聯合醫務 TVB 無綫電視 香港電台 明報 南華早報 蘋果日報 賽馬會 香港賽馬會 馬會"
).split()
PUBLIC_E = (
    "HSBC|Hang Seng Bank|Bank of China|BOCHK|Standard Chartered|Bank of East Asia|DBS|Citibank|ZA Bank|Mox|HKMA|SFC|MPFA|HKEX|MTR|MTR Corporation|KMB|Citybus|Cathay Pacific|CLP|HK Electric|Towngas|"
    "PCCW|HKBN|SmarTone|csl|ParknShop|Wellcome|Mannings|Watsons|IKEA|McDonald's|Starbucks|Maxim's|Café de Coral|Immigration Department|Transport Department|Inland Revenue Department|Department of Health|"
    "Education Bureau|Housing Authority|Hospital Authority|ICAC|Labour Department|Social Welfare Department|Hong Kong Police Force|Legislative Council|Consumer Council|HKU|CUHK|HKUST|PolyU|CityU|HKBU|Lingnan University|"
    "University of Hong Kong|Chinese University of Hong Kong|Queen Mary Hospital|Prince of Wales Hospital|Queen Elizabeth Hospital|Kwong Wah Hospital|Tuen Mun Hospital|Ruttonjee Hospital|Hong Kong Jockey Club|Red Cross|"
    "Google|Microsoft|Amazon|Apple Inc.|OpenAI|Anthropic|Meta|Tencent|Alibaba|Huawei|Samsung|Toyota|IBM|Oracle|Salesforce|Deloitte|PwC|KPMG|EY|McKinsey|Goldman Sachs|Morgan Stanley|JPMorgan|AXA|Prudential|AIA|Manulife|"
    "NASA|NATO|the United Nations|WHO|UNICEF|European Union|World Bank|BBC|CNN|Reuters|New York Times|South China Morning Post|RTHK|Harvard University|Stanford University|MIT|University of Oxford|Tsinghua University|FBI|CIA|NHS"
).split("|")
HEAD_E = (
    "Harbour Peak Victoria Lion Dragon Golden Silver Pacific Orient Eastern Asia Global Metro Bright Sunrise Evergreen Everbright Summit Pearl Jade Lotus Bamboo Typhoon Signal Kowloon Island Central Kestrel Meridian Northwind Blue Red Green "
    "Apex Vertex Nova Orion Atlas Zenith Quantum Pinnacle Crown Royal Imperial Phoenix Banyan Bauhinia Ferry Junk Sampan Tram Neon Skyline Cloud Data Smart Swift Rapid Fortune Prosper Wing Tai Fook Hing Lung Kee Wah Sun Hung Yuen Cheong Fung Lee Luen Tak Po Marlowe Hartley Bennett "
    "Whitfield Crestview Stonebridge Oakwood Riverside Beacon Lighthouse Compass Anchor Keystone Cornerstone Trident Vanguard Horizon Ember Willow Cedar Maple Hillcrest Tin Hau Redbrick Copper Iron Paper Little Happy Kind Helping First United Allied"
).split()
TRADE_E = (
    "Trading Logistics Capital Engineering Construction Design Studio Studios Consulting Technologies Technology Solutions Systems Software Holdings Properties Property Management Insurance Brokers Securities Finance Investments Ventures "
    "Partners Foods Catering Garments Textiles Jewellery Printing Media Publishing Travel Tours Shipping Freight Pharma Biotech Medical Dental Physiotherapy Clinic Education Tutorial Centre Learning Security Cleaning Interiors Motors Electronics Labs Robotics Analytics "
    "Networks Digital Entertainment Records Films Fitness Yoga Foundation Group Enterprises Industries International Resources Energy Water Recruitment Wealth Assets"
).split()
SUFFIX_E = "Limited|Limited|Ltd|Ltd.|Co. Ltd.|Co., Ltd|Company Limited|Inc.|Inc|LLP|LLC|Group|Holdings|Corporation|Corp|plc|(HK) Limited|(Asia) Ltd|Pte Ltd|GmbH|Associates|& Co.".split(
    "|"
)


def _pick(random: Random, items: str | list[str], count: int = 1) -> str:
    return "".join(random.choice(items) for _ in range(count))


def chinese(random: Random) -> str:
    roll = random.random()
    if roll < 0.3:
        place = random.choice(addresses.DISTRICTS)[0] if random.random() < 0.15 else ""
        return (
            place + _pick(random, LUCK, random.choice([2, 2, 2, 3, 4])) + random.choice(TRADE) + random.choice(SUFFIX)
        )
    if roll < 0.36:
        return _pick(random, LUCK, 2) + random.choice(TRADE)
    if roll < 0.52:
        head = random.choice(
            [
                _pick(random, LUCK, 2),
                _pick(random, LUCK, 2),
                people.chinese(random),
                random.choice(addresses.DISTRICTS)[0],
                _pick(random, LUCK, 1) + "記",
                people.surname(random)[0] + "記",
                random.choice(people.ENGLISH),
            ]
        )
        return head + random.choice(SHOP)
    if roll < 0.64:
        head = random.choice(SCHOOL_HEAD)
        middle = random.choice(
            ["", "", people.chinese(random), _pick(random, LUCK, 2), random.choice(addresses.DISTRICTS)[0]]
        )
        return head + middle + random.choice(SCHOOL)
    if roll < 0.72:
        return (
            random.choice(
                [
                    random.choice(addresses.DISTRICTS)[0],
                    _pick(random, LUCK, 2),
                    "香港",
                    "九龍",
                    random.choice(addresses.ESTATES)[0],
                ]
            )
            + random.choice(["", random.choice(TRADE), "居民", "青少年", "婦女"])
            + random.choice(NGO)
        )
    if roll < 0.76:
        return (
            random.choice(people.lines("places_zh.txt"))
            + random.choice("市 县 省".split() + [""])
            + random.choice(
                "大学 人民法院 公安局 医院 中学 人民政府 委员会 银行 日报社 钢铁厂 研究院 足球队 出版社 师范大学 检察院 市委 机械厂 电视台 体育局".split()
            )
        )
    if roll < 0.79:
        return random.choice(people.lines("orgs_zh.txt"))
    return random.choice(PUBLIC_Z)


def english(random: Random) -> str:
    roll = random.random()
    if roll < 0.4:
        words = [random.choice(HEAD_E) for _ in range(random.choice([1, 1, 2]))] + [random.choice(TRADE_E)]
        return " ".join(words) + (" " + random.choice(SUFFIX_E) if random.random() < 0.6 else "")
    if roll < 0.48:
        return f"{people.last_name(random)} {random.choice(['&', 'and'])} {people.last_name(random)}" + random.choice(
            [" LLP", "", " Solicitors", " & Co.", " Partners", " Associates"]
        )
    if roll < 0.56:
        return f"{people.last_name(random)} {random.choice(TRADE_E)}" + random.choice(["", " Ltd", " Inc", " Group"])
    if roll < 0.64:
        return (
            random.choice(["St. ", "St ", "Saint "])
            + random.choice("Paul John Mary Stephen Joseph Francis Teresa Margaret Clare Louis".split())
            + random.choice(["'s", "'s", ""])
            + random.choice(
                [" College", " School", " Primary School", " Secondary School", " Hospital", " Church", " Academy"]
            )
        )
    if roll < 0.72:
        return (
            random.choice([*(d[1] for d in addresses.DISTRICTS), *HEAD_E])
            + " "
            + random.choice(
                "College,Secondary School,Primary School,Kindergarten,International School,Public Library,Community Centre,Medical Centre,Dental Clinic,Animal Hospital,Law Firm,Bakery,Café,Restaurant,Noodle House,Rehab Centre,Residents' Association,Owners' Corporation,Church,Theatre Company,Football Club,Museum of Art".split(
                    ","
                )
            )
        )
    if roll < 0.76:
        return random.choice(["University of ", "Bank of ", "Museum of ", "Institute of "]) + random.choice(
            [d[1] for d in addresses.DISTRICTS]
            + ["Leeds", "Toronto", "Delaware", "Cape Town", "Technology", "Natural History"]
        )
    if roll < 0.8:
        return addresses.company(random)
    if roll < 0.84:
        first, second = random.choice(HEAD_E), random.choice(HEAD_E)
        return first + second.lower() if random.random() < 0.5 else first + second
    return random.choice(PUBLIC_E)
