#include "models/tokens.hpp"

#include <algorithm>

namespace tl {

std::vector<TokenKind> token_kinds(const Model& model) {
  std::vector<TokenKind> kinds;
  for (std::uint32_t row = 0; row < model.assessments.size(); ++row)
    for (const std::uint32_t program : model.assessments[row].given_by) {
      const TokenKind kind{row, model.settings[program].department};
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
  return kinds;
}

std::uint32_t token_mask(const Model& model, std::uint32_t assessment) {
  const std::vector<TokenKind> kinds = token_kinds(model);
  std::uint32_t mask = 0;
  for (std::uint32_t bit = 0; bit < kinds.size() && bit < 32; ++bit)
    if (kinds[bit].assessment == assessment) mask |= std::uint32_t{1} << bit;
  return mask;
}

}  // namespace tl
