#include <algorithm>
#include <array>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

struct VerbWord {
  std::string_view word;
  Verb verb;
  std::string_view form;
};
constexpr auto kVerbs =
    std::to_array<VerbWord>({{"set", Verb::set, "set TRAIT=VALUE"},
                             {"count", Verb::count, "count OUTCOME"},
                             {"end", Verb::end, "end PROGRAM"},
                             {"drop", Verb::drop, "drop SETTING, drop REQUEST or drop all"},
                             {"enrol", Verb::enrol, "enrol PROGRAM"},
                             {"request", Verb::request, "request SETTING [keep], or a row of requests"}});

/// Where a word stands alone in the text; npos when it does not.
std::size_t find_word(std::string_view text, std::string_view word) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (at > 0 && is_blank(text[at - 1]) && (end == text.size() || is_blank(text[end]))) return at;
  }
  return std::string_view::npos;
}

/// The part of a cell from `begin` to `end`, without blanks around it.
Cell part_of(const Cell& cell, std::size_t begin, std::size_t end) {
  std::size_t offset = begin;
  const std::string_view text = trimmed(std::string_view{cell.text}.substr(begin, end - begin), offset);
  return piece_of(cell, offset, text);
}

struct ActionText {
  Cell verb, object;
  std::optional<Cell> share, when;
};

ActionText split(const Cell& cell) {
  ActionText parts;
  std::size_t end = cell.text.size();
  if (const std::size_t when = find_word(cell.text, "when"); when != std::string::npos) {
    parts.when = part_of(cell, when + 4, end);
    end = when;
  }
  const std::string_view head = std::string_view{cell.text}.substr(0, end);
  if (const std::size_t share = find_word(head, "share"); share != std::string::npos) {
    parts.share = part_of(cell, share + 5, end);
    end = share;
  }
  const std::size_t blank = std::min(cell.text.find_first_of(" \t"), end);
  parts.verb = part_of(cell, 0, blank);
  parts.object = part_of(cell, blank, end);
  return parts;
}

void refuse_form(Context& context, const Cell& cell, const std::string& field, std::string_view form) {
  context.error(cell.at, code("action-syntax"), field, "cannot read \"" + cell.text + '"',
                "the action is written: " + std::string{form} + ", then share 30%, then when CONDITION");
}

bool read_assignment(Context& context, const Cell& cell, const std::string& field, std::uint32_t& trait,
                     std::uint32_t& value) {
  const std::size_t equals = cell.text.find('=');
  if (equals == std::string::npos) {
    context.error(cell.at, code("action-syntax"), field, "cannot read \"" + cell.text + '"',
                  "a trait's value is given as TRAIT=VALUE", "Write " + cell.text + "=VALUE.");
    return false;
  }
  const Cell name = part_of(cell, 0, equals), word = part_of(cell, equals + 1, cell.text.size());
  const auto found = find_name(context, name, field, context.traits);
  if (!found) return false;
  const auto found_value = find_name(context, word, field, context.trait_values[*found]);
  if (!found_value) return false;
  trait = *found;
  value = *found_value;
  return true;
}

bool read_program(Context& context, const Cell& cell, const std::string& field, std::string_view verb,
                  std::uint32_t setting) {
  if (context.setting_facts[setting].is_program) return true;
  context.error(cell.at, code("setting-kind"), field, '"' + cell.text + "\" is a place",
                std::string{verb} + " is for programs",
                verb == "enrol" ? "Write request " + cell.text + '.' : "Clients leave a place by routes and events.");
  return false;
}

bool read_object(Context& context, Cell object, const std::string& field, const VerbWord& verb, ActionSpec& action) {
  if (verb.verb == Verb::set) return read_assignment(context, object, field, action.trait, action.value);
  if (verb.verb == Verb::count) {
    const auto outcome = find_name(context, object, field, context.outcomes);
    if (outcome) action.outcome = *outcome;
    return outcome.has_value();
  }
  if (verb.verb == Verb::drop && object.text == "all") return true;
  if (verb.verb == Verb::request)
    if (const std::size_t keep = find_word(object.text, "keep"); keep != std::string::npos) {
      action.keep = true;
      object = part_of(object, 0, keep);
    }
  if (verb.verb == Verb::request || verb.verb == Verb::drop) {
    const auto asked = find_asked(context, object, field);
    if (!asked) return false;
    action.setting = asked->setting;
    action.request = asked->request;
    return true;
  }
  const auto setting = find_name(context, object, field, context.settings);
  if (!setting) return false;
  action.setting = *setting;
  return read_program(context, object, field, verb.word, *setting);
}

std::optional<ActionSpec> read_action(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  const ActionText parts = split(cell);
  const auto verb =
      std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbWord& word) { return word.word == parts.verb.text; });
  if (verb == kVerbs.end()) {
    std::vector<std::string> words;
    for (const VerbWord& word : kVerbs) words.emplace_back(word.word);
    context.error(parts.verb.at, code("action-verb"), field, "unknown action \"" + parts.verb.text + '"',
                  "actions are " + listed(words), did_you_mean(parts.verb.text, words));
    return std::nullopt;
  }
  if (parts.object.text.empty()) {
    refuse_form(context, cell, field, verb->form);
    return std::nullopt;
  }
  ActionSpec action;
  action.verb = verb->verb;
  action.at = cell.at;
  bool good = read_object(context, parts.object, field, *verb, action);
  if (parts.share) {
    const auto share = read_scalar(context, *parts.share, field, {.dimension = kPlain, .range = Range::share()});
    if (share) action.share = *share;
    good = good && share;
  }
  if (parts.when) {
    auto when = read_condition(context, *parts.when, field);
    good = good && when;
    if (when) action.when = std::move(*when);
  }
  if (!good) return std::nullopt;
  return action;
}

}  // namespace

std::vector<ActionSpec> read_actions(Context& context, const Cell& cell, const std::string& field) {
  std::vector<ActionSpec> actions;
  if (cell.is_table()) {
    read_text(context, cell, field);
    return actions;
  }
  for (const Cell& text : pieces_of(cell, ';'))
    if (auto action = read_action(context, text, field)) actions.push_back(std::move(*action));
  return actions;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> read_fixed_traits(Context& context, const Cell& cell,
                                                                       const std::string& field) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> fixed;
  const auto add = [&](const Cell& at, std::uint32_t trait, std::uint32_t value) {
    if (std::any_of(fixed.begin(), fixed.end(), [&](const auto& other) { return other.first == trait; }))
      context.error(at.at, code("field-conflict"), field,
                    "trait \"" + context.traits.all()[trait] + "\" is given twice",
                    "a client has one value of a trait");
    else
      fixed.emplace_back(trait, value);
  };
  if (cell.is_table()) {
    for (const auto& [name, value] : cell.fields) {
      Cell key;
      key.text = name;
      key.at = value.key_at;
      const auto trait = find_name(context, key, field, context.traits);
      if (!trait) continue;
      if (const auto row = find_name(context, value, field + '.' + name, context.trait_values[*trait]))
        add(key, *trait, *row);
    }
    return fixed;
  }
  for (const Cell& text : pieces_of(cell, ';')) {
    std::uint32_t trait = 0, value = 0;
    if (!read_text(context, text, field)) continue;
    if (read_assignment(context, text, field, trait, value)) add(text, trait, value);
  }
  return fixed;
}

}  // namespace tl::reading
