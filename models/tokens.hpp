#pragma once
#include <cstdint>
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

}  // namespace tl
