/** What is wrong with a language that dates are to be written in; undefined = nothing. */
export function languageProblem(language: string): string | undefined {
  if (isWritten(language)) return undefined
  const meant = languageMeant(language)
  return `"${language}" is no language${meant ? `, did you mean ${meant}?` : '; write one such as "ja" or "zh-TW"'}`
}

/** Whether dates can be written in it; in one that is not known Intl writes English. */
function isWritten(language: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language]).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** `zh_TW` with a hyphen, or the language of the country whose letters were written: ja for jp, zh-TW for tw. */
function languageMeant(language: string): string | undefined {
  const hyphened = language.replaceAll('_', '-')
  if (isWritten(hyphened)) return hyphened
  const region = /^[a-z]{2}(?=-|$)/i.exec(hyphened)?.[0].toUpperCase()
  const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  if (region === undefined || countries.of(region) === undefined) return undefined
  const { language: spoken } = new Intl.Locale(`und-${region}`).maximize()
  return new Intl.Locale(spoken).maximize().region === region ? spoken : `${spoken}-${region}`
}
