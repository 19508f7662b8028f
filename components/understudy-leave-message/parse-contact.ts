const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const PHONE = /^\+?[\d\s()./-]+$/;

/** Accepts what looks like an e-mail address or a phone number, trimmed; null when it is neither. */
export function parseContact(text: string): string | null {
  const contact = text.trim();
  if (contact.length > 254) return null;
  if (MAIL.test(contact)) return contact;
  const digits = contact.replaceAll(/\D/g, '').length;
  return PHONE.test(contact) && digits >= 6 && digits <= 20 ? contact : null;
}
