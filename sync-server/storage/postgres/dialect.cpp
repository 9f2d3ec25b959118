// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/dialect.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace doorstep::postgres {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool isWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool isSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// The length of a quoted text, quoted name or comment at the beginning; it is copied unchanged.
std::size_t unreadAt(std::string_view rest) {
  std::size_t end = 0;
  if (rest[0] == '\'' || rest[0] == '"')
    end = rest.find(rest[0], 1);
  else if (rest.starts_with("--"))
    end = rest.find('\n');
  else
    return 0;
  return end == kNowhere ? rest.size() : end + 1;
}

// The length of the words if the text begins with them, with any spacing; otherwise 0.
std::size_t wordsAt(std::string_view rest, std::string_view words) {
  std::size_t at = 0;
  for (const char c : words) {
    if (c == ' ') {
      if (at == rest.size() || !isSpace(rest[at]))
        return 0;
      while (at < rest.size() && isSpace(rest[at]))
        ++at;
    } else if (at == rest.size() || rest[at++] != c) {
      return 0;
    }
  }
  return at < rest.size() && isWordPart(rest[at]) ? 0 : at;
}

struct Replacement {
  std::string_view words;
  std::string_view instead;
};
// Longer ones before their prefixes.
constexpr std::array<Replacement, 7> kSchemaWords{{{"INTEGER", "bigint"},
                                                   {"BLOB", "bytea"},
                                                   {"REAL", "double precision"},
                                                   {"STRICT, WITHOUT ROWID", ""},
                                                   {"STRICT", ""},
                                                   {"WITHOUT ROWID", ""},
                                                   {"COLLATE NOCASE", ""}}};

// The length of the replaced text at the beginning of rest; 0: none.
std::size_t replaceSchemaWord(std::string_view rest, std::string& out) {
  for (const Replacement& word : kSchemaWords)
    if (const std::size_t length = wordsAt(rest, word.words); length != 0) {
      out += word.instead;
      return length;
    }
  return 0;
}

std::size_t dropIndexedBy(std::string_view rest) {
  std::size_t at = wordsAt(rest, "INDEXED BY");
  if (at == 0)
    return 0;
  while (at < rest.size() && isSpace(rest[at]))
    ++at;
  while (at < rest.size() && isWordPart(rest[at]))
    ++at;
  return at;
}

// The number of the parameter at the beginning: its own, or the next.
std::size_t numberParameter(std::string_view rest, StatementText& out) {
  std::size_t at = 1;
  int number = 0;
  for (; at < rest.size() && isDigit(rest[at]); ++at)
    number = number * 10 + (rest[at] - '0');
  if (at == 1)
    number = out.parameters + 1;
  out.parameters = std::max(out.parameters, number);
  out.text += '$' + std::to_string(number);
  return at;
}

}  // namespace

StatementText statementText(std::string_view sql) {
  StatementText out;
  out.text.reserve(sql.size() + 16);
  for (std::size_t at = 0; at < sql.size();) {
    const std::string_view rest = sql.substr(at);
    const bool begins = at == 0 || !isWordPart(sql[at - 1]);
    if (const std::size_t unread = unreadAt(rest); unread != 0) {
      out.text += rest.substr(0, unread);
      at += unread;
    } else if (rest[0] == '?') {
      at += numberParameter(rest, out);
    } else if (const std::size_t dropped = begins ? dropIndexedBy(rest) : 0; dropped != 0) {
      at += dropped;
    } else {
      out.text += sql[at++];
    }
  }
  return out;
}

std::string schemaText(std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 64);
  for (std::size_t at = 0; at < sql.size();) {
    const std::string_view rest = sql.substr(at);
    const bool begins = at == 0 || !isWordPart(sql[at - 1]);
    if (const std::size_t unread = unreadAt(rest); unread != 0) {
      out += rest.substr(0, unread);
      at += unread;
    } else if (const std::size_t length = begins ? replaceSchemaWord(rest, out) : 0; length != 0) {
      at += length;
    } else {
      out += sql[at++];
    }
  }
  return out;
}

}  // namespace doorstep::postgres
