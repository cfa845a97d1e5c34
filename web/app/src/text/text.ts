// The words, Vietnamese first. Keys are those of vi.json; the compiler refuses others, and a test
// holds en.json to the same.
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { initReactI18next } from 'react-i18next/initReactI18next'
import { changeView, currentView, type Language } from '../state'
import en from './en.json'
import vi from './vi.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi }
    returnNull: false
  }
}

function say(language: Language) {
  document.documentElement.lang = language
  if (i18next.language !== language) void i18next.changeLanguage(language)
}

/** Makes the words ready, in the language of the address, and keeps to it. */
export function startText() {
  const language = currentView().lang
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    initAsync: false,
    interpolation: { escapeValue: false }, // React escapes
  })
  say(language)
  addEventListener('popstate', () => say(currentView().lang))
}

/** Changes the language, in the address too. */
export function changeLanguage(language: Language) {
  changeView({ lang: language }, 'replace')
  say(language)
}

const locale: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' }

/** The words and the number and day formats of the language in use. */
export function useText() {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'vi'
  return {
    t,
    language,
    number: (value: number, digits = 0) => new Intl.NumberFormat(locale[language], { maximumFractionDigits: digits }).format(value),
    share: (value: number) => new Intl.NumberFormat(locale[language], { style: 'percent', maximumFractionDigits: 1 }).format(value),
    day: (iso: string) => new Intl.DateTimeFormat(locale[language], { day: 'numeric', month: language === 'vi' ? 'numeric' : 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(iso)),
  }
}
