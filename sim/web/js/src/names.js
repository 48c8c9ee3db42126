// Names of ports, read as forgivingly as the command does: case, accents, aliases, codes and countries.

/** A name without case, accents, punctuation and spaces. */
export function plain(text) {
  const bare = text.replace(/[øØ]/g, 'o').replace(/ł/g, 'l').replace(/ß/g, 'ss').normalize('NFKD').toLowerCase();
  return bare.replace(/[^\p{L}\p{N}]/gu, '');
}

const BY_HAND = 1, MAIN = 2;
const SHOWN = 8, LONGEST = 120;

export class Names {
  constructor(told) {
    this.names = told.port_names;
    this.countries = told.port_countries;
    this.codes = told.port_codes;
    this.aliases = told.port_aliases;
    this.flags = told.arrays.port_flags;
    this.lands = new Map(Object.entries(told.countries));
    this.around = new RegExp(told.around, 'gi');
    this.words = new Map();
    for (let k = 0; k < this.names.length; k++) {
      for (const word of this.wordsOf(k)) {
        if (!this.words.has(word)) this.words.set(word, []);
        this.words.get(word).push(k);
      }
    }
  }

  wordsOf(k) {
    const written = [this.codes[k], this.names[k], ...(this.aliases[k] ?? [])];
    return new Set(written.map(plain).filter((word) => word));
  }

  /** The port as it is shown and written into a link. */
  label(k) {
    return this.codes[k] || `${this.names[k]}/${this.countries[k]}`;
  }

  /** The rows of the ports that a text means: one, none, or several of the same name. */
  find(text) {
    const asked = text.slice(0, LONGEST);
    let rows = this.words.get(plain(asked)) ?? this.withCountry(asked);
    if (rows.length > 1) {
      const exact = rows.filter((k) => this.label(k) === asked.trim());
      if (exact.length) return exact;
      const byHand = rows.filter((k) => this.flags[k] & BY_HAND), main = rows.filter((k) => this.flags[k] & MAIN);
      rows = byHand.length ? byHand : main.length ? main : rows;
      const names = new Set([plain(asked), ...this.addressed(asked).map(([name]) => plain(name))]);
      const named = rows.filter((k) => names.has(plain(this.names[k])));
      rows = named.length ? named : rows;
    }
    return rows;
  }

  withCountry(text) {
    for (const [name, lands] of this.addressed(text)) {
      for (const word of this.spellings(name)) {
        const rows = (this.words.get(word) ?? []).filter((k) => !lands.length || lands.includes(this.countries[k]));
        if (rows.length) return rows;
      }
    }
    return [];
  }

  /** Ways to read a text as a name and the codes of its country, the likeliest first; without codes: any country. */
  addressed(text) {
    const out = [];
    const slash = text.lastIndexOf('/');
    if (slash > 0 && text.length - slash === 3) out.push([text.slice(0, slash), [text.slice(slash + 1).toUpperCase()]]);
    const parts = text.split(',').map((part) => part.trim());
    const land = this.lands.get(plain(parts[parts.length - 1]));
    if (parts.length > 1 && land) out.push([parts.slice(0, -1).join(' '), land], [parts[0], land]);
    const words = text.trim().split(/\s+/);
    for (let k = words.length - 1; k > Math.max(words.length - 4, 0); k--) {
      const codes = this.lands.get(plain(words.slice(k).join(' ')));
      if (codes) out.push([words.slice(0, k).join(' ').replace(/,$/, ''), codes]);
    }
    out.push([text, []]);
    return out;
  }

  spellings(name) {
    const other = name.replace(/\bst\b\.?/gi, 'saint');
    const halves = /^(.+?)\s*\((.+)\)$/.exec(name.trim());
    return [
      plain(name), plain(name.replace(this.around, '')),
      plain(other === name ? name.replace(/\bsaint\b/gi, 'st') : other), ...(halves ? [plain(halves[1]), plain(halves[2])] : []),
    ];
  }

  /** Rows of ports to offer while a text is typed: called so, then beginning so, then containing it, then near it. */
  search(text, most = SHOWN) {
    const word = plain(text.slice(0, LONGEST));
    if (!word) return [];
    const meant = this.find(text), ranks = [];
    for (const [own, rows] of this.words) {
      if (!own.includes(word)) continue;
      const rank = own === word ? 0 : own.startsWith(word) ? 1 : 2;
      for (const k of rows) ranks.push([rank - (this.flags[k] & BY_HAND ? 0.5 : 0), k]);
    }
    ranks.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const found = [...new Set([...meant, ...ranks.map(([, k]) => k)])].slice(0, most);
    return found.length ? found : this.near(word).slice(0, 3);
  }

  /** Rows of ports with a name that few changes of letters make of a bare word, the nearest first. */
  near(word) {
    const most = Math.max(1, Math.floor(word.length / 3)), best = new Map();
    for (const [other, rows] of this.words) {
      if (Math.abs(other.length - word.length) > most) continue;
      const away = changes(word, other, most) - (this.flags[rows[0]] & BY_HAND ? 0.5 : 0);
      if (away <= most && !(best.get(rows[0]) <= away)) best.set(rows[0], away);
    }
    return [...best].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([k]) => k);
  }
}

/** How many letters to add, drop, replace or swap with the next turn one word into another; more than `most` is Infinity. */
export function changes(one, other, most) {
  let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return Infinity;
    [before, last] = [last, row];
  }
  return last[other.length];
}

/** [lon, lat] of "lat,lon" in degrees or of degrees with N, S, E, W; null for other text. */
export function position(text) {
  const usual = text.slice(0, LONGEST).replace(/[\u2212\u2013]/g, '-').trim();
  const plainly = /^([+-]?[\d.]+)\s*[,; ]\s*([+-]?[\d.]+)$/.exec(usual);
  const angle = '(\\d+(?:\\.\\d+)?)\\s*°?(?:\\s*(\\d+(?:\\.\\d+)?)\\s*\'?)?';
  const lettered = new RegExp(`^${angle}\\s*([NS])[\\s,;]*${angle}\\s*([EW])$`, 'i').exec(usual);
  let lat, lon;
  if (plainly) [lat, lon] = [Number(plainly[1]), Number(plainly[2])];
  else if (lettered) {
    lat = (Number(lettered[1]) + Number(lettered[2] ?? 0) / 60) * (/s/i.test(lettered[3]) ? -1 : 1);
    lon = (Number(lettered[4]) + Number(lettered[5] ?? 0) / 60) * (/w/i.test(lettered[6]) ? -1 : 1);
  } else return null;
  if (!(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 360)) return null;
  return [((lon + 540) % 360) - 180, lat];
}
