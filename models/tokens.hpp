#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/model.hpp"

namespace tl {

/// A paper a client may hold: an assessment by a department.
struct TokenKind {
  std::uint32_t assessment = 0, department = 0;
  friend bool operator==(const TokenKind&, const TokenKind&) = default;
};

/// All kinds, by assessment, then in the order of the programs that give it. The row is the bit in a client's mask.
std::vector<TokenKind> token_kinds(const Model& model);

/// The bits of the kinds of an assessment, whoever gave it; of an assessment nobody gives none.
std::uint32_t token_mask(const Model& model, std::uint32_t assessment);

/// Whether the setting takes papers of that department.
bool accepts_from(const SettingSpec& setting, std::uint32_t department);
/// The bits of an assessment that the setting accepts.
std::uint32_t accepted_tokens(const Model& model, const SettingSpec& setting, std::uint32_t assessment);
/// The program asked for a paper that is missing: of those whose department is accepted one of the setting's own
/// department, else any; of several the first in file order. None where nobody accepted gives it.
std::optional<std::uint32_t> asked_program(const Model& model, const SettingSpec& setting, std::uint32_t assessment);
/// Settings that ask for each other's papers, so that nobody gets any; empty when there are none.
std::vector<std::uint32_t> circle_of_requirements(const Model& model);

}  // namespace tl
