#include "models/problem.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tl {

namespace {

constexpr std::size_t kLongestQuoted = 80;

std::string hex_of(unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {'\\', 'x', digits[byte >> 4], digits[byte & 15u]};
}

/// Length of a UTF-8 sequence that must not reach a terminal as it is: C1 controls and marks of direction; 0 for
/// others.
std::size_t unseen_length(std::string_view text) {
  if (text.size() >= 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0) return 2;  // C1 controls
  if (text.substr(0, 2) == "\xD8\x9C") return 2;                                                      // U+061C
  if (text.size() < 3 || text[0] != '\xE2') return 0;
  const auto second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  const bool direction = (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) ||
                         (second == 0x81 && third >= 0xA6 && third <= 0xA9);  // also the line separators U+2028, U+2029
  return direction ? 3 : 0;
}

/// A message is one line of visible text, whatever a file's names hold.
std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else if (byte == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += hex_of(byte);
    } else if (const std::size_t length = unseen_length(text.substr(i)); length > 0) {
      for (std::size_t k = 0; k < length; ++k) out += hex_of(static_cast<unsigned char>(text[i + k]));
      i += length - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  if (text.size() <= kLongestQuoted) return '"' + visible(text) + '"';
  std::size_t end = kLongestQuoted;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;  // not within a character
  return '"' + visible(text.substr(0, end)) + "...\"";
}

std::string to_text(const Problem& problem) {
  std::string text = visible(problem.at.file) + ':';
  if (problem.at.line > 0) text += std::to_string(problem.at.line) + ':' + std::to_string(problem.at.column) + ':';
  text += ' ';
  if (problem.severity == Severity::warning) text += "warning: ";
  if (problem.severity == Severity::note) text += "note: ";
  if (!problem.field.empty()) text += visible(problem.field) + ": ";
  text += visible(problem.what);
  if (!problem.why.empty()) text += " (" + visible(problem.why) + ')';
  if (!problem.hint.empty()) text += ". " + visible(problem.hint);
  return text;
}

void Problems::add(Problem problem) {
  std::size_t& kept = kept_of_severity_[static_cast<std::size_t>(problem.severity)];
  const bool full = kept >= most_;
  const auto same = [&](const Problem& other) {
    return other.at == problem.at && other.code == problem.code && other.what == problem.what &&
           other.severity == problem.severity;
  };
  if (!full && std::any_of(kept_.begin(), kept_.end(), same)) return;
  if (problem.severity == Severity::error) ++errors_;
  if (full) {
    ++left_out_;
    return;
  }
  ++kept;
  file_read(problem.at.file);
  kept_.push_back(std::move(problem));
}

void Problems::error(Place at, Code code, std::string field, std::string what, std::string why, std::string hint) {
  add({std::move(at), Severity::error, code, std::move(field), std::move(what), std::move(why), std::move(hint)});
}

void Problems::warning(Place at, Code code, std::string field, std::string what, std::string why, std::string hint) {
  add({std::move(at), Severity::warning, code, std::move(field), std::move(what), std::move(why), std::move(hint)});
}

void Problems::note(Place at, Code code, std::string field, std::string what, std::string why, std::string hint) {
  add({std::move(at), Severity::note, code, std::move(field), std::move(what), std::move(why), std::move(hint)});
}

void Problems::file_read(const std::string& file) {
  if (std::find(files_.begin(), files_.end(), file) == files_.end()) files_.push_back(file);
}

std::size_t Problems::rank_of(const std::string& file) const {
  return static_cast<std::size_t>(std::find(files_.begin(), files_.end(), file) - files_.begin());
}

std::vector<Problem> Problems::sorted() const {
  std::vector<std::tuple<std::size_t, int, int, std::size_t>> order;
  for (std::size_t i = 0; i < kept_.size(); ++i)
    order.emplace_back(rank_of(kept_[i].at.file), kept_[i].at.line, kept_[i].at.column, i);
  std::sort(order.begin(), order.end());
  std::vector<Problem> result;
  result.reserve(order.size());
  for (const auto& place : order) result.push_back(kept_[std::get<3>(place)]);
  return result;
}

std::string to_text(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems.sorted()) text += to_text(problem) + '\n';
  if (problems.left_out() > 0) text += "and " + std::to_string(problems.left_out()) + " more\n";
  return text;
}

}  // namespace tl
