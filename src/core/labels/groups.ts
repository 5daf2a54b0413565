/** The twelve UMLS semantic groups of SemClinBr that the study predicts, in its order, with their short tags. */
export const SEMANTIC_GROUPS: Readonly<Record<string, string>> = {
  Procedures: 'PRO',
  Disorders: 'DIS',
  'Concepts & Ideas': 'CON',
  'Living Beings': 'LIV',
  Anatomy: 'ANA',
  'Chemicals & Drugs': 'CHE',
  Physiology: 'PHY',
  Phenomena: 'PHE',
  Devices: 'DEV',
  Organizations: 'ORG',
  Objects: 'OBJ',
  'Activities & Behaviors': 'ACT',
};

/** A tag of three letters for a semantic group; any other label stands for itself, cut at twelve characters. */
export function shortLabel(label: string): string {
  return SEMANTIC_GROUPS[label] ?? label.slice(0, 12);
}
