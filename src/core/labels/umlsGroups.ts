/**
 * The 127 semantic types of the UMLS in their 15 semantic groups (NLM, "UMLS Semantic Groups"; McCray, Burgun and
 * Bodenreider 2001), and at the end of a line, after `+`, types that older releases had.
 */
const typesOfGroup: Readonly<Record<string, string>> = {
  'Activities & Behaviors':
    'T051 Event|T052 Activity|T053 Behavior|T054 Social Behavior|T055 Individual Behavior|T056 Daily or Recreational Activity|T057 Occupational Activity|T064 Governmental or Regulatory Activity|T066 Machine Activity',
  Anatomy:
    'T017 Anatomical Structure|T018 Embryonic Structure|T021 Fully Formed Anatomical Structure|T022 Body System|T023 Body Part, Organ, or Organ Component|T024 Tissue|T025 Cell|T026 Cell Component|T029 Body Location or Region|T030 Body Space or Junction|T031 Body Substance',
  'Chemicals & Drugs':
    'T103 Chemical|T104 Chemical Viewed Structurally|T109 Organic Chemical|T114 Nucleic Acid, Nucleoside, or Nucleotide|T116 Amino Acid, Peptide, or Protein|T120 Chemical Viewed Functionally|T121 Pharmacologic Substance|T122 Biomedical or Dental Material|T123 Biologically Active Substance|T125 Hormone|T126 Enzyme|T127 Vitamin|T129 Immunologic Factor|T130 Indicator, Reagent, or Diagnostic Aid|T131 Hazardous or Poisonous Substance|T192 Receptor|T195 Antibiotic|T196 Element, Ion, or Isotope|T197 Inorganic Chemical|T200 Clinical Drug+T110 Steroid|T111 Eicosanoid|T115 Organophosphorus Compound|T118 Carbohydrate|T119 Lipid|T124 Neuroreactive Substance or Biogenic Amine',
  'Concepts & Ideas':
    'T077 Conceptual Entity|T078 Idea or Concept|T079 Temporal Concept|T080 Qualitative Concept|T081 Quantitative Concept|T082 Spatial Concept|T089 Regulation or Law|T102 Group Attribute|T169 Functional Concept|T170 Intellectual Product|T171 Language|T185 Classification',
  Devices: 'T074 Medical Device|T075 Research Device|T203 Drug Delivery Device',
  Disorders:
    'T019 Congenital Abnormality|T020 Acquired Abnormality|T033 Finding|T037 Injury or Poisoning|T046 Pathologic Function|T047 Disease or Syndrome|T048 Mental or Behavioral Dysfunction|T049 Cell or Molecular Dysfunction|T050 Experimental Model of Disease|T184 Sign or Symptom|T190 Anatomical Abnormality|T191 Neoplastic Process',
  'Genes & Molecular Sequences':
    'T028 Gene or Genome|T085 Molecular Sequence|T086 Nucleotide Sequence|T087 Amino Acid Sequence|T088 Carbohydrate Sequence',
  'Geographic Areas': 'T083 Geographic Area',
  'Living Beings':
    'T001 Organism|T002 Plant|T004 Fungus|T005 Virus|T007 Bacterium|T008 Animal|T010 Vertebrate|T011 Amphibian|T012 Bird|T013 Fish|T014 Reptile|T015 Mammal|T016 Human|T096 Group|T097 Professional or Occupational Group|T098 Population Group|T099 Family Group|T100 Age Group|T101 Patient or Disabled Group|T194 Archaeon|T204 Eukaryote+T003 Alga|T006 Rickettsia or Chlamydia|T009 Invertebrate',
  Objects: 'T071 Entity|T072 Physical Object|T073 Manufactured Object|T167 Substance|T168 Food',
  Occupations: 'T090 Occupation or Discipline|T091 Biomedical Occupation or Discipline',
  Organizations:
    'T092 Organization|T093 Health Care Related Organization|T094 Professional Society|T095 Self-help or Relief Organization',
  Phenomena:
    'T034 Laboratory or Test Result|T038 Biologic Function|T067 Phenomenon or Process|T068 Human-caused Phenomenon or Process|T069 Environmental Effect of Humans|T070 Natural Phenomenon or Process',
  Physiology:
    'T032 Organism Attribute|T039 Physiologic Function|T040 Organism Function|T041 Mental Process|T042 Organ or Tissue Function|T043 Cell Function|T044 Molecular Function|T045 Genetic Function|T201 Clinical Attribute',
  Procedures:
    'T058 Health Care Activity|T059 Laboratory Procedure|T060 Diagnostic Procedure|T061 Therapeutic or Preventive Procedure|T062 Research Activity|T063 Molecular Biology Research Technique|T065 Educational Activity',
};

/** A semantic type of the UMLS. */
export interface UmlsType {
  /** Its unique identifier, `T047`. */
  readonly tui: string;
  readonly name: string;
  readonly group: string;
  /** False for a type that current releases no longer have. */
  readonly current: boolean;
}

/** Every semantic type, with its group. */
export const UMLS_TYPES: readonly UmlsType[] = Object.entries(typesOfGroup).flatMap(([group, types]) =>
  types.split('+').flatMap((part, k) =>
    part.split('|').map((type) => {
      const [, tui, name] = /^(T\d{3}) (.+)$/.exec(type)!;
      return { tui: tui!, name: name!, group, current: k === 0 };
    }),
  ),
);

/** The fifteen semantic groups. */
export const UMLS_GROUPS: readonly string[] = Object.keys(typesOfGroup);

/** Annotation tools vary case, spaces and punctuation. */
const key = (name: string): string =>
  name
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

const groupByKey = new Map<string, string>([
  ...UMLS_TYPES.flatMap(({ tui, name, group }) => [[key(tui), group] as const, [key(name), group] as const]),
  ...UMLS_GROUPS.map((group) => [key(group), group] as const),
]);

/** The semantic group of a type's name or identifier, or of a group's own name; undefined for anything else. */
export function umlsGroup(name: string): string | undefined {
  return groupByKey.get(key(name));
}
