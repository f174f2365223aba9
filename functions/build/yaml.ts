import { stringify } from 'yaml'

/** Objects as one YAML file: lines are never folded, so that a changed word is a changed line. */
export const toYaml = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
