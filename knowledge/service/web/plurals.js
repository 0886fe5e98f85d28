// Numbers with their noun.

/** The text for a number with the form of the noun that the language wants for it. */
export const plural = (locale, forms) => {
  const rules = new Intl.PluralRules(locale);
  return (count) => `${new Intl.NumberFormat(locale).format(count)} ${forms[rules.select(count)] ?? forms.other}`;
};
