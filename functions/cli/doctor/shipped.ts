import { parseAllDocuments } from 'yaml'
import type { Obj } from '../../core/object.ts'

/** The objects in a YAML text. */
export const documentsIn = (text: string): Obj[] => parseAllDocuments(text).map((document) => document.toJS() as Obj) // As its reader made it.
