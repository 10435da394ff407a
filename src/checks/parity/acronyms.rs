//! Acronyms and what they are called in other languages.

use std::sync::LazyLock;

use crate::checks::parity::names::words;

/// An acronym with what it is called in the languages of letters.
pub(super) struct Known {
    /// The acronym in each language that has one.
    acronyms: Vec<&'static str>,
    /// Its words in others, folded. A space before and behind one says that a word begins or ends there. Those of
    /// a script without capitals may follow a preposition without a space, as in Arabic, or any other word, as
    /// in Chinese.
    words: Vec<String>,
}

/// What an acronym may be called. It may have several meanings.
pub(super) fn known(acronym: &str) -> impl Iterator<Item = &'static Known> {
    /// The rows, read once.
    static KNOWN: LazyLock<Vec<Known>> =
        LazyLock::new(|| ROWS.iter().map(|row| read(row)).collect());
    KNOWN.iter().filter(move |known| known.acronyms.contains(&acronym))
}

impl Known {
    /// Whether it is also this acronym.
    pub(super) fn has(&self, acronym: &str) -> bool {
        self.acronyms.contains(&acronym)
    }

    /// Whether a text says it: the words of the text, folded, each between spaces.
    pub(super) fn is_in(&self, folded: &str) -> bool {
        self.words.iter().any(|word| folded.contains(word.as_str()))
    }
}

fn read(row: &'static str) -> Known {
    let forms = || row.split(" | ");
    let is_acronym = |form: &&str| form.chars().all(char::is_uppercase);
    let folded = |form: &'static str| {
        let folded: Vec<String> = words(form).into_iter().map(|word| word.folded).collect();
        let folded = folded.join(" ");
        let cased = |c: char| c.is_uppercase() || c.is_lowercase();
        // "tele" is not the beginning of "teléfono".
        let whole = is_acronym(&form) || form.chars().count() < 5;
        match (form.contains(cased), whole) {
            (false, _) => folded,
            (true, false) => format!(" {folded}"),
            (true, true) => format!(" {folded} "),
        }
    };
    Known {
        acronyms: forms().filter(is_acronym).collect(),
        // Long ones are written like a name in some languages, as "Unesco" is; short ones could be any word.
        words: forms()
            .filter(|form| !is_acronym(form) || form.chars().count() > 3)
            .map(folded)
            .collect(),
    }
}

/// Acronyms in the built-in languages and what they stand for, as used by the organizations themselves, by the
/// CLDR (the UN and the EU), and by the terminology databases of the United Nations (UNTERM) and of the European
/// Union (IATE); and words that are common in letters. Inflected words are in the forms of most texts.
const ROWS: &[&str] = &[
    "UN | ONU | VN | UNO | ONZ | ООН | ΟΗΕ | BM | NBE | LHQ | united nations | naciones unidas | \
     nacoes unidas | nations unies | vereinte | vereinten nationen | nasyonzini | \
     organizacion de las naciones | nacions unides | nacions unidas | nazioni unite | nazio batu | \
     verenigde naties | narody zjednoczone | narodow zjednoczonych | об'єднаних націй | \
     ηνωμένων εθνών | ηνωμένα έθνη | birleşmiş milletler | liên hợp quốc | liên hiệp quốc | \
     أمم المتحدة | או״ם | אומות המאוחדות | سازمان ملل | ملل متحد | 联合国 | 聯合國 | 国連 | 国際連合 | 유엔 | 국제연합 | onu",
    "NGO | ONG | NRO | НУО | ΜΚΟ | STK | GKE | ONGD | organizacion no gubernamental | \
     organizaciones no gubernamentales | organizacoes nao governamentais | \
     organisations non gouvernementales | organisation non gouvernementale | nichtregierungs | \
     non governmental | nongovernmental | organitzacions no governamentals | \
     organitzacio no governamental | organizacions non gobernamentais | gobernuz kanpoko | \
     organizzazioni non governative | organizzazione non governativa | niet gouvernementele | \
     organizacje pozarzadowe | organizacji pozarzadowych | неурядов | μη κυβερνητικ | sivil toplum | \
     phi chính phủ | غير حكومية | غير الحكومية | לא ממשלתי | غیردولتی | غیر دولتی | سمن | مردم نهاد | \
     مردم‌نهاد | 非政府组织 | 非政府組織 | 民间组织 | 民間団体 | 비정부 | 시민단체 | oganizasyon ki pa nan gouvènman | ong",
    "CSO | OSC | organizaciones de la sociedad civil | organizacion de la sociedad civil | \
     organisations de la societe civile | organizacoes da sociedade civil | civil society organi",
    "EU | UE | ЄС | ΕΕ | AB | EB | union europea | union europeenne | uniao europeia | europaische | \
     european union | unio europea | unione europea | europar batasun | europese unie | \
     unia europejska | unii europejskiej | ευρωπαϊκή ένωση | ευρωπαϊκής ένωσης | avrupa birliği | \
     liên minh châu âu | الاتحاد الأوروبي | האיחוד האירופי | اتحادیه اروپا | اتحادیهٔ اروپا | اتحادیۀ اروپا | 欧盟 | 歐盟 | 欧州連合 | 유럽연합 | \
     유럽 연합 | inyon ewopeyen | європейський союз | європейського союзу | євросоюз",
    "OAS | OEA | OAE | ОАД | organizacion de los estados americanos | organization of american states | \
     organitzacio dels estats americans | organizzazione degli stati americani | 美洲国家组织 | 美洲國家組織 | \
     米州機構 | 미주기구 | منظمة الدول الأمريكية",
    "IACHR | CIDH | comision interamericana | comissao interamericana | commission interamericaine | \
     inter american commission | commissione interamericana | comissio interamericana | \
     interamerikanische kommission | 美洲人权委员会 | 美洲人權委員會 | 米州人権委員会 | 미주인권위원회 | لجنة البلدان الأمريكية",
    "UNHCR | ACNUR | HCR | УВКБ | alto comisionado | haut commissariat | alto comissariado | \
     verenigde naties voor de vluchtelingen | fluchtlingshilfswerk | alto commissariato | \
     alt comissionat | hoge commissaris | wysokiego komisarza | верховного комісара | ύπατη αρμοστεία | \
     ύπατης αρμοστείας | mülteciler yüksek komiser | cao ủy | مفوضية | הנציבות | کمیساریای | 难民署 | \
     難民署 | 难民事务高级专员 | 難民高等弁務官 | 유엔난민기구 | 난민기구 | komisarya",
    "OHCHR | ACNUDH | HCDH | УВКПЛ | oficina del alto comisionado | haut commissariat | hochkommissar | \
     alto commissariato | верховного комісара | ύπατη αρμοστεία | cao ủy | مفوضية | کمیساریای | 人权高专办 | \
     人權高專辦 | 人权事务高级专员 | 人権高等弁務官 | 인권최고대표",
    "IOM | OIM | МОМ | ΔΟΜ | organizacion internacional para las migraciones | \
     organizzazione internazionale per le migrazioni | \
     organisation internationale pour les migrations | organizacao internacional para as migracoes | \
     internationale organisation fur migration | міжнародна організація з міграції | uluslararası göç | \
     di cư quốc tế | المنظمة الدولية للهجرة | سازمان بین‌المللی مهاجرت | 国际移民组织 | 國際移民組織 | 国際移住機関 | \
     국제이주기구 | ארגון ההגירה",
    "WHO | OMS | WGO | OME | ВООЗ | ΠΟΥ | DSÖ | organizacion mundial de la salud | \
     organisation mondiale de la sante | organizacao mundial da saude | weltgesundheitsorganisation | \
     world health organi | organitzacio mundial de la salut | organizacion mundial da saude | \
     organizzazione mondiale della sanita | munduko osasun | wereldgezondheidsorganisatie | \
     swiatowa organizacja zdrowia | swiatowej organizacji zdrowia | παγκόσμιος οργανισμός υγείας | \
     παγκόσμιου οργανισμού υγείας | dünya sağlık | tổ chức y tế thế giới | منظمة الصحة العالمية | \
     ארגון הבריאות | سازمان جهانی بهداشت | سازمان بهداشت جهانی | 世卫 | 世衛 | 世界卫生组织 | 世界衛生組織 | 世界保健機関 | \
     세계보건기구 | oganizasyon mondyal lasante | охорони здоров | oms",
    "PAHO | OPS | OPAS | 泛美卫生组织 | 汎米保健機構 | organizacion panamericana de la salud | pan american health",
    "ILO | OIT | IAO | МОП | ΔΟΕ | organizacion internacional del trabajo | \
     organisation internationale du travail | organitzacio internacional del treball | \
     organizacao internacional do trabalho | organizzazione internazionale del lavoro | \
     internationale arbeitsorganisation | internationale arbeidsorganisatie | \
     miedzynarodowa organizacja pracy | miedzynarodowej organizacji pracy | διεθνής οργάνωση εργασίας | \
     uluslararası çalışma | lao động quốc tế | منظمة العمل الدولية | ארגון העבודה | \
     سازمان بین‌المللی کار | 国际劳工组织 | 國際勞工組織 | 国際労働機関 | 국제노동기구 | організація праці | організації праці",
    "IMF | FMI | IWF | МВФ | ΔΝΤ | MFW | fondo monetario | fonds monetaire | fundo monetario | \
     fons monetari | internationaler wahrungsfonds | internationalen wahrungsfonds | \
     internationaal monetair fonds | fundusz walutowy | funduszu walutowego | διεθνές νομισματικό | \
     uluslararası para fonu | quỹ tiền tệ | صندوق النقد | קרן המטבע | صندوق بین‌المللی پول | 国际货币基金 | \
     國際貨幣基金 | 国際通貨基金 | 국제통화기금 | валютний фонд | валютного фонду",
    "WB | BM | banco mundial | banque mondiale | world bank | weltbank | banca mondiale | \
     banc mundial | wereldbank | bank swiatowy | παγκόσμια τράπεζα | dünya bankası | \
     ngân hàng thế giới | البنك الدولي | הבנק העולמי | بانک جهانی | 世界银行 | 世界銀行 | 世银 | 세계은행 | \
     світовий банк | світового банку",
    "IDB | BID | banco interamericano | banque interamericaine | 美洲开发银行 | 米州開発銀行",
    "WTO | OMC | organizacion mundial del comercio | organitzacio mundial del comerc | \
     organisation mondiale du commerce | organizacao mundial do comercio | \
     organizzazione mondiale del commercio | welthandelsorganisation | wereldhandelsorganisatie | \
     swiatowa organizacja handlu | dünya ticaret | thương mại thế giới | منظمة التجارة العالمية | \
     سازمان تجارت جهانی | 世贸组织 | 世貿組織 | 世界贸易组织 | 世界貿易機関 | 세계무역기구",
    "ICC | CPI | МКС | ΔΠΔ | UCM | ISTG | corte penal internacional | cour penale internationale | \
     cort penal internacional | tribunal penal internacional | corte penale internazionale | \
     internationaler strafgerichtshof | internationalen strafgerichtshof | internationaal strafhof | \
     miedzynarodowy trybunal karny | διεθνές ποινικό | uluslararası ceza | tòa án hình sự quốc tế | \
     المحكمة الجنائية الدولية | בית הדין הפלילי | دیوان کیفری | 国际刑事法院 | 國際刑事法院 | 国際刑事裁判所 | 국제형사재판소 | \
     кримінальний суд | кримінального суду | international criminal court",
    "ICJ | CIJ | ΔΔΧ | UAD | IGH | corte internacional de justicia | cour internationale de justice | \
     internationaler gerichtshof | محكمة العدل الدولية | دیوان بین‌المللی دادگستری | 国际法院 | 國際法院 | \
     国際司法裁判所 | 국제사법재판소",
    "UNDP | PNUD | ПРООН | programa de las naciones unidas para el desarrollo | \
     برنامج الأمم المتحدة الإنمائي | 开发计划署 | 開發計劃署 | 国連開発計画 | 유엔개발계획",
    "UNEP | PNUMA | PNUE | ЮНЕП | برنامج الأمم المتحدة للبيئة | 环境规划署 | 環境規劃署 | 国連環境計画 | 유엔환경계획",
    "NATO | OTAN | НАТО | ΝΑΤΟ | الناتو | حلف شمال الأطلسي | נאט״ו | ناتو | 北约 | 北約 | 北大西洋条約機構 | 나토 | \
     북대서양조약기구 | sojusz polnocnoatlantycki",
    "ICCPR | PIDCP",
    "ICESCR | PIDESC",
    "CRC | CDN | CIDE",
    "SDG | ODS | ODD | ЦСР | ΣΒΑ | objetivos de desarrollo | objectifs de developpement | \
     objectius de desenvolupament | obiettivi di sviluppo | nachhaltigkeitsziele | цілі сталого | \
     أهداف التنمية المستدامة | اهداف توسعه | 可持续发展目标 | 永續發展目標 | 持続可能な開発目標 | 지속가능발전목표 | 지속가능개발목표",
    "GDP | PIB | BIP | ВВП | ΑΕΠ | GSYİH | GSYH | PKB | BBP | BPG | producto interno | \
     producto interior | produit interieur | produto interno | producte interior | prodotto interno | \
     bruttoinlandsprodukt | bruto binnenlands | produkt krajowy | produktu krajowego | \
     gayri safi yurt | tổng sản phẩm | الناتج المحلي | תמ״ג | תוצר | تولید ناخالص | 国内生产总值 | 國內生產毛額 | \
     国内総生産 | 국내총생산",
    "VAT | IVA | TVA | ПДВ | ΦΠΑ | KDV | BTW | MWST | UST | BEZ | impuesto al valor | mehrwertsteuer | \
     impost sobre el valor | ضريبة القيمة المضافة | מע״מ | ارزش افزوده | 增值税 | 加值稅 | 消費税 | 부가가치세 | \
     부가세 | thuế giá trị",
    "HIV | VIH | ВІЛ | فيروس نقص المناعة | اچ‌آی‌وی | 艾滋病毒 | 愛滋病毒 | ヒト免疫不全 | 인체면역결핍 | 에이치아이브이 | vih | hiv",
    "AIDS | SIDA | СНІД | HIES | sida | aids | hiesa | الإيدز | إيدز | איידס | ایدز | 艾滋病 | 愛滋 | エイズ | \
     에이즈",
    "TB | tuberculos | gruzlic | туберкульоз | φυματίωση | السل | שחפת | 结核 | 結核 | 결핵",
    "DNA | ADN | DNS | ДНК | الحمض النووي | דנ״א | دی‌ان‌ای | 脱氧核糖 | adn | dna",
    "NAFTA | TLCAN | ALENA",
    "USMCA | TMEC",
    "AI | IA | KI | ШІ | ΤΝ | YZ | TTNT | inteligencia artificial | intelligence artificielle | \
     intelligenza artificiale | intelligencia artificial | adimen artifizial | kunstliche intelligenz | \
     kunstmatige intelligentie | sztuczna inteligencja | sztucznej inteligencji | τεχνητή νοημοσύνη | \
     τεχνητής νοημοσύνης | yapay zeka | trí tuệ nhân tạo | ذكاء الاصطناعي | בינה מלאכותית | \
     هوش مصنوعی | 人工智能 | 人工智慧 | 人工知能 | 인공지능 | штучний інтелект | штучного інтелекту | \
     artificial intelligence",
    "IT | TI | TIC | ICT | IKT | ΤΠ | ІТ | informatic | informatique | tecnologias de la informacion | \
     informatik | informatie | bilişim | công nghệ thông tin | تكنولوجيا المعلومات | فناوری اطلاعات | \
     信息技术 | 資訊科技 | 情報技術 | 정보기술",
    "CEO | PDG | director general | directora general | directora ejecutiv | director ejecutivo | \
     directeur general | directrice generale | diretor executivo | diretora executiva | geschaftsfuhr | \
     amministratore delegato | διευθύνων σύμβουλος | genel müdür | giám đốc điều hành | \
     الرئيس التنفيذي | מנכ״ל | مدیرعامل | 首席执行官 | 執行長 | 最高経営責任者 | 최고경영자 | генеральний директор | \
     генеральна директорка",
    "CFO | director financiero | directora financiera | directeur financier",
    "TV | ТБ | television | televisao | fernsehen | tele | televisio | televisie | telewizj | \
     телебачен | τηλεόραση | televizyon | truyền hình | تلفزيون | תלוויזיה | טלוויזיה | تلویزیون | 电视 | \
     電視 | テレビ | 텔레비전 | 티브이 | tv",
    "PC | computador | ordenador | ordinateur",
    "MP | diputad | parlamentari | deputad | deputes | depute | abgeordnete | diputat | parlamentar | \
     kamerlid | posel | posla | poslow | poslank | депутат | βουλευτ | milletvekil | nghị sĩ | ח״כ | نماینده | 议员 | 議員 | \
     国会議員 | 의원",
    "VP | vicepresident | vice president",
    "GMO | OGM | GVO | ГМО | transgenic | genetisch verandert | genetically modified | تراریخته | 转基因 | \
     基因改造 | 遺伝子組み換え | 유전자 변형 | معدلة وراثيا | genetisch gewijzigd",
    "GHG | GEI | GES | THG | gases de efecto | gaz a effet | gas amb efecte | treibhausgas | \
     broeikasgas | gazow cieplarnianych | парников | sera gaz | غازات الدفيئة | 温室气体 | 溫室氣體 | 温室効果ガス | \
     온실가스",
    "LNG | GNL | СПГ | ΥΦΑ | gaz naturel liquefie | gas natural licuado | flussiggas | 液化天然气 | 液化天然氣 | \
     液化天然ガス | 액화천연가스 | الغاز الطبيعي المسال",
    "PPE | EPP | EPI",
    "ICU | UCI | UTI | cuidados intensivos | terapia intensiva | soins intensifs",
    "IDP | PDI | ВПО | desplazad | deslocad | deplaces | binnenvertriebene | внутрішньо переміщен | \
     النازح | نازح | 境内流离失所 | 國內流離失所 | 国内避難民 | 국내 실향민 | 국내실향민",
    "LGBT | LGBTI | LGBTQ | LGBTIQ | LGBTQI | LGBTQIA | LGBTTTI | ЛГБТ | ЛГБТК | ΛΟΑΤΚΙ | LHBT | \
     LHBTI | LGTB | LGTBI | مثلي | להט״ב | 性少数 | 性少數 | 性的少数者 | 성소수자 | ال‌جی‌بی‌تی",
    "FAQ | preguntas frecuentes",
    "HQ | sede | siege",
    "PM | primer ministr | primera ministra | premier ministre | primeiro ministro | prime minister | \
     ministerprasident | primo ministro | primer ministre | minister president | прем'єр | πρωθυπουργ | \
     başbakan | thủ tướng | رئيس الوزراء | ראש הממשלה | نخست‌وزیر | 总理 | 總理 | 首相 | 총리",
    "HR | recursos humanos | ressources humaines",
    "ID | identificacion | credencial | identidad | identite | ausweis | identitat | identita | \
     identiteit | dowod | посвідчен | ταυτότητα | kimlik | chứng minh | هوية | תעודת זהות | شناسنامه | \
     身份证 | 身分證 | 身分証明 | 신분증",
    "CCTV | camaras de | videovigilancia | videosurveillance",
    "UNICEF | ЮНІСЕФ | يونيسف | اليونيسيف | يونيسيف | יוניסף | یونیسف | 儿基会 | 兒基會 | 儿童基金会 | 兒童基金會 | \
     ユニセフ | 유니세프 | inisef",
    "UNESCO | ЮНЕСКО | ΟΥΝΕΣΚΟ | يونسكو | אונסק״ו | یونسکو | 教科文组织 | 教科文組織 | ユネスコ | 유네스코",
    "UNRWA | אונר״א | أونروا | آنروا | 近东救济 | 近東救濟 | パレスチナ難民救済 | 유엔팔레스타인난민구호",
    "OECD | OCDE | ΟΟΣΑ | ОЕСР | OESO | cooperacion y el desarrollo | cooperation et de developpement | \
     ekonomik işbirliği | 经合组织 | 經合組織 | 経済協力開発機構 | 경제협력개발기구 | منظمة التعاون الاقتصادي | \
     co operation and development | cooperation and development",
    "OSCE | ОБСЄ | ΟΑΣΕ | OVSE | OSZE | AGİT | OBWE",
    "ECHR | CEDH | EMRK | ЄКПЛ | ΕΣΔΑ | AİHS | EVRM | european convention | convencion europea | \
     convention europeenne | convencao europeia | convenzione europea | \
     europaische menschenrechtskonvention | europaischen menschenrechtskonvention",
    "CEDAW | 消除对妇女 | 女子差別撤廃 | 여성차별철폐 | سيداو",
    "CRPD | CDPD | CIDPH | BRK | rights of persons with disabilities | personas con discapacidad | \
     personnes handicapees | pessoas com deficiencia | behindertenrechtskonvention | 残疾人权利公约 | \
     障害者権利条約 | 장애인권리협약",
    "CAT | convention against torture | contra la tortura | contre la torture | 禁止酷刑 | 拷問等禁止",
    "ICRC | CICR | IKRK | CICV | МКЧХ | ΔΕΕΣ | international committee of the red cross | \
     comite internacional de la cruz roja | comite international de la croix rouge | \
     comite internacional da cruz vermelha | اللجنة الدولية للصليب الأحمر | 红十字国际委员会 | 紅十字國際委員會 | \
     赤十字国際委員会 | 국제적십자위원회",
    "MSF | medecins sans frontieres | medicos sin fronteras | doctors without borders | \
     arzte ohne grenzen | medici senza frontiere | 无国界医生 | 無國界醫生 | 国境なき医師団 | 국경없는의사회 | أطباء بلا حدود | \
     רופאים ללא גבולות | پزشکان بدون مرز | лікарі без кордонів",
    "COVID | КОВІД | corona | korona | coronavirus | كوفيد | كورونا | קורונה | کووید | کرونا | 新冠 | \
     コロナ | 코로나",
    "OCHA | 人道事务协调厅 | 人道問題調整事務所 | مكتب تنسيق الشؤون الإنسانية",
    "WFP | PMA | PAM | ВПП | world food program | programa mundial de alimentos | \
     programme alimentaire mondial | برنامج الأغذية العالمي | 粮食计划署 | 糧食計劃署 | 世界食糧計画 | 세계식량계획",
    "FAO | food and agriculture | alimentacion y la agricultura | alimentation et l agriculture | \
     منظمة الأغذية والزراعة | 粮农组织 | 糧農組織 | 国連食糧農業機関 | 유엔식량농업기구 | الفاو",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::CountryNames;

    /// Different languages call different things the same.
    const SHARED: &[&str] = &["BM"];

    #[test]
    fn an_acronym_is_in_one_row() {
        for form in ROWS.iter().flat_map(|row| read(row).acronyms) {
            let rows = known(form).count();
            assert!(rows == 1 || SHARED.contains(&form), "{form}");
        }
    }

    #[test]
    fn acronyms_are_known_in_other_scripts() {
        let says = |acronym: &str, text: &str| {
            let folded: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
            known(acronym).any(|known| known.is_in(&format!(" {} ", folded.join(" "))))
        };
        for (acronym, text) in [
            ("UN", "我们已致函联合国人权理事会。"),
            ("ONU", "国連の報告書"),
            ("UN", "وفقا للأمم المتحدة"),
            ("UN", "לפי האו\"ם"),
            ("WHO", "세계보건기구는"),
            ("IMF", "умови Міжнародного валютного фонду"),
            ("NGO", "οι μη κυβερνητικές οργανώσεις"),
            ("EU", "از اتحادیه اروپا"),
            ("UN", "Birleşmiş Milletler'in"),
        ] {
            assert!(says(acronym, text), "{acronym}: {text}");
        }
        for (acronym, text) in [
            ("UN", "our union"),
            ("AB", "aber"),
            ("TV", "por teléfono"),
            ("UNESCO", "an unescorted child"),
            ("DNA", "유전자"),
        ] {
            assert!(!says(acronym, text), "{acronym}: {text}");
        }
        assert!(says("TV", "a la tele") && says("UNESCO", "l'Unesco"));
        assert!(!says("TB", "世界卫生组织"));
    }

    /// What the CLDR calls the United Nations and the European Union in each built-in language.
    #[test]
    fn the_names_of_the_cldr_are_known() {
        for tag in crate::language::words::Words::languages() {
            let tag = tag.parse().expect("a tag");
            let Some(names) = CountryNames::of(&tag) else { continue };
            for acronym in ["UN", "EU"] {
                let Some(name) = names.get(acronym).filter(|name| *name != acronym) else {
                    continue;
                };
                let folded: Vec<String> = words(name).into_iter().map(|word| word.folded).collect();
                let folded = format!(" {} ", folded.join(" "));
                assert!(known(acronym).any(|known| known.is_in(&folded)), "{tag}: {name}");
            }
        }
    }
}
