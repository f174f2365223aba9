import { stringify } from 'yaml'

/** One object as YAML. Lines are never folded, so that a changed word is a changed line. */
export const toYaml = (object: object): string => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })
