import { stringify } from 'yaml'

/**
 * One object as YAML. Lines are never folded, so that a changed word is a changed line; a string that kubectl would
 * take for something else, as `yes` and `n` in YAML 1.1, is quoted.
 */
export const toYaml = (object: object): string =>
  stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })

/** Objects as one file, to apply in this order. */
export const toDocuments = (objects: readonly object[]): string => objects.map(toYaml).join('---\n').trimEnd()
