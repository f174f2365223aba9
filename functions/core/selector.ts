/** A Kubernetes label selector, as `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined
  readonly matchExpressions?:
    | readonly {
        readonly key: string
        readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
        readonly values?: readonly string[] | undefined
      }[]
    | undefined
}

/** Whether the labels satisfy all of the selector; the empty selector selects everything, as everywhere in Kubernetes. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const has = (key: string) => Object.hasOwn(labels, key)
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => has(key) && labels[key] === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return has(key) && values.includes(labels[key] ?? '')
        case 'NotIn':
          return !has(key) || !values.includes(labels[key] ?? '')
        case 'Exists':
          return has(key)
        case 'DoesNotExist':
          return !has(key)
      }
    })
  )
}
