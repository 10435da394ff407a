//! Acronyms and what they are called in other languages.

/// The forms of an acronym in all languages, itself included: acronyms, and words without capitals or
/// accents, by their beginnings. `None` if it is not known.
pub(crate) fn forms(acronym: &str) -> Option<&'static [&'static str]> {
    ACRONYMS.iter().find(|forms| forms.contains(&acronym)).copied()
}

/// Acronyms in English, Spanish, Portuguese, French and German, as used by the organizations themselves
/// and by the terminology database of the United Nations (UNTERM), and words that are common in letters.
const ACRONYMS: &[&[&str]] = &[
    &[
        "UN",
        "ONU",
        "VN",
        "UNO",
        "united nations",
        "naciones unidas",
        "nacoes unidas",
        "nations unies",
        "vereinte",
        "vereinten nationen",
        "nasyonzini",
        "organizacion de las naciones",
    ],
    &[
        "NGO",
        "ONG",
        "NRO",
        "organizacion no gubernamental",
        "organizaciones no gubernamentales",
        "organizacoes nao governamentais",
        "organisations non gouvernementales",
        "organisation non gouvernementale",
        "nichtregierungs",
        "non governmental",
        "nongovernmental",
    ],
    &[
        "CSO",
        "OSC",
        "organizaciones de la sociedad civil",
        "organizacion de la sociedad civil",
        "organisations de la societe civile",
        "organizacoes da sociedade civil",
        "civil society organi",
    ],
    &[
        "EU",
        "UE",
        "union europea",
        "union europeenne",
        "uniao europeia",
        "europaische",
        "european union",
    ],
    &[
        "OAS",
        "OEA",
        "OAE",
        "organizacion de los estados americanos",
        "organization of american states",
    ],
    &[
        "IACHR",
        "CIDH",
        "comision interamericana",
        "comissao interamericana",
        "commission interamericaine",
        "inter american commission",
    ],
    &["UNHCR", "ACNUR", "HCR", "alto comisionado", "haut commissariat", "alto comissariado"],
    &["OHCHR", "ACNUDH", "HCDH", "oficina del alto comisionado", "haut commissariat"],
    &["IOM", "OIM", "organizacion internacional para las migraciones"],
    &[
        "WHO",
        "OMS",
        "WGO",
        "organizacion mundial de la salud",
        "organisation mondiale de la sante",
        "organizacao mundial da saude",
        "weltgesundheitsorganisation",
        "world health organi",
    ],
    &["PAHO", "OPS", "OPAS"],
    &[
        "ILO",
        "OIT",
        "IAO",
        "organizacion internacional del trabajo",
        "organisation internationale du travail",
    ],
    &["IMF", "FMI", "IWF", "fondo monetario", "fonds monetaire", "fundo monetario"],
    &["WB", "BM", "banco mundial", "banque mondiale", "world bank", "weltbank"],
    &["IDB", "BID", "banco interamericano"],
    &["WTO", "OMC", "organizacion mundial del comercio"],
    &["ICC", "CPI", "corte penal internacional", "cour penale internationale"],
    &["ICJ", "CIJ"],
    &["UNDP", "PNUD"],
    &["UNEP", "PNUMA", "PNUE"],
    &["NATO", "OTAN"],
    &["ICCPR", "PIDCP"],
    &["ICESCR", "PIDESC"],
    &["CRC", "CDN", "CIDE"],
    &["SDG", "ODS", "ODD", "objetivos de desarrollo", "objectifs de developpement"],
    &[
        "GDP",
        "PIB",
        "BIP",
        "producto interno",
        "producto interior",
        "produit interieur",
        "produto interno",
    ],
    &["VAT", "IVA", "TVA", "impuesto al valor"],
    &["HIV", "VIH"],
    &["AIDS", "SIDA", "sida", "aids"],
    &["TB", "tuberculos"],
    &["DNA", "ADN", "DNS"],
    &["NAFTA", "TLCAN", "ALENA"],
    &["USMCA", "TMEC"],
    &["AI", "IA", "KI", "inteligencia artificial", "intelligence artificielle"],
    &[
        "IT",
        "TI",
        "TIC",
        "ICT",
        "IKT",
        "informatic",
        "informatique",
        "tecnologias de la informacion",
    ],
    &[
        "CEO",
        "PDG",
        "director general",
        "directora general",
        "directora ejecutiv",
        "director ejecutivo",
        "directeur general",
        "directrice generale",
        "diretor executivo",
        "diretora executiva",
        "geschaftsfuhr",
    ],
    &["CFO", "director financiero", "directora financiera", "directeur financier"],
    &["TV", "television", "televisao", "fernsehen", "tele"],
    &["PC", "computador", "ordenador", "ordinateur"],
    &["MP", "diputad", "parlamentari", "deputad", "deputes", "depute", "abgeordnete"],
    &["VP", "vicepresident", "vice president"],
    &["GMO", "OGM", "GVO", "transgenic"],
    &["GHG", "GEI", "GES", "THG", "gases de efecto", "gaz a effet"],
    &["LNG", "GNL"],
    &["PPE", "EPP", "EPI"],
    &["ICU", "UCI", "UTI", "cuidados intensivos", "terapia intensiva", "soins intensifs"],
    &["IDP", "PDI", "desplazad", "deslocad", "deplaces"],
    &["LGBT", "LGBTI", "LGBTQ", "LGBTIQ", "LGBTQI", "LGBTQIA", "LGBTTTI"],
    &["FAQ", "preguntas frecuentes"],
    &["HQ", "sede", "siege"],
    &["PM", "primer ministr", "primera ministra", "premier ministre", "primeiro ministro"],
    &["HR", "recursos humanos", "ressources humaines"],
    &["ID", "identificacion", "credencial", "identidad", "identite"],
    &["CCTV", "camaras de", "videovigilancia", "videosurveillance"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acronym_is_in_one_row() {
        for forms in ACRONYMS {
            for form in forms.iter().filter(|form| form.chars().all(char::is_uppercase)) {
                let rows = ACRONYMS.iter().filter(|other| other.contains(form)).count();
                assert_eq!(rows, 1, "{form}");
            }
        }
    }
}
