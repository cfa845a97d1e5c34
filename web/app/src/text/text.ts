// The words, Vietnamese first. Keys are those of vi.json; the compiler refuses others, and a test
// holds en.json to the same.
import i18next from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { initReactI18next } from 'react-i18next/initReactI18next'
import { changeView, currentView, type Language } from '../state'
import en from './en.json'
import vi from './vi.json'

/** Why a question has no answer: the server could not be asked, or it refused and says why. */
export type Failure = { networkError?: Error; graphQLErrors: { message: string }[] }

/** What of an error of the API is in a language: it says all in Vietnamese and, after a stroke, in English. */
export function said(message: string, language: Language): string {
  const [vi, en, ...rest] = message.split(' / ')
  return vi && en && rest.length === 0 ? (language === 'vi' ? vi : en) : message
}

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
    showSupportNotice: false, // the console is for what is wrong
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

/** The words and the number and day formats of the language in use. They stay the same until the language changes. */
export function useText() {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'vi'
  return useMemo(() => {
    const numbers = [0, 1, 2].map((digits) => new Intl.NumberFormat(locale[language], { maximumFractionDigits: digits }))
    const shares = new Intl.NumberFormat(locale[language], { style: 'percent', maximumFractionDigits: 1 })
    const days = new Intl.DateTimeFormat(locale[language], { day: 'numeric', month: language === 'vi' ? 'numeric' : 'short', year: 'numeric', timeZone: 'UTC' })
    const moments = new Intl.DateTimeFormat(locale[language], { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Ho_Chi_Minh' })
    const ages = new Intl.RelativeTimeFormat(locale[language], { numeric: 'auto' })
    return {
      t,
      language,
      number: (value: number, digits: 0 | 1 | 2 = 0) => numbers[digits]?.format(value) ?? '',
      share: (value: number) => shares.format(value),
      /** An error of the API in the language in use. */
      said: (message: string) => said(message, language),
      day: (iso: string) => days.format(new Date(iso)),
      /** Why a question has no answer, in a sentence: the server's own where it refused. */
      failed: ({ networkError, graphQLErrors: [refused] }: Failure) => (refused ? said(refused.message, language) : t('data.failed', { reason: networkError?.message ?? '' })),
      /** A moment, as the clock in Vietnam shows it. */
      moment: (iso: string) => moments.format(new Date(iso)),
      /** How long ago a time was (milliseconds), in the largest unit that is whole. */
      ago: (then: number, now: number) => {
        const seconds = Math.round((now - then) / 1000)
        if (seconds < 60) return ages.format(0, 'minute')
        if (seconds < 3600) return ages.format(-Math.floor(seconds / 60), 'minute')
        return seconds < 86_400 ? ages.format(-Math.floor(seconds / 3600), 'hour') : ages.format(-Math.floor(seconds / 86_400), 'day')
      },
    }
  }, [t, language])
}
