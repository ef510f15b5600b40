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

bool accepts_from(const SettingSpec& setting, std::uint32_t department) {
  return setting.accepts.empty() ||
         std::find(setting.accepts.begin(), setting.accepts.end(), department) != setting.accepts.end();
}

std::uint32_t accepted_tokens(const Model& model, const SettingSpec& setting, std::uint32_t assessment) {
  const std::vector<TokenKind> kinds = token_kinds(model);
  std::uint32_t mask = 0;
  for (std::uint32_t bit = 0; bit < kinds.size() && bit < 32; ++bit)
    if (kinds[bit].assessment == assessment && accepts_from(setting, kinds[bit].department))
      mask |= std::uint32_t{1} << bit;
  return mask;
}

std::optional<std::uint32_t> asked_program(const Model& model, const SettingSpec& setting, std::uint32_t assessment) {
  std::optional<std::uint32_t> own, any;
  for (const std::uint32_t program : model.assessments[assessment].given_by) {
    const std::uint32_t department = model.settings[program].department;
    if (!accepts_from(setting, department)) continue;
    any = std::min(any.value_or(program), program);
    if (department == setting.department) own = std::min(own.value_or(program), program);
  }
  return own ? own : any;
}

namespace {

/// Follows what settings ask for until one stands on the path twice.
class CircleSearch {
 public:
  explicit CircleSearch(const Model& model) : model_{model}, marks_(model.settings.size(), Mark::fresh) {}

  std::vector<std::uint32_t> find() {
    for (std::uint32_t row = 0; row < marks_.size() && circle_.empty(); ++row) visit(row);
    return circle_;
  }

 private:
  enum class Mark : std::uint8_t { fresh, open, done };

  void visit(std::uint32_t row) {
    if (marks_[row] == Mark::done || !circle_.empty()) return;
    if (marks_[row] == Mark::open) {
      circle_.assign(std::find(path_.begin(), path_.end(), row), path_.end());
      return;
    }
    marks_[row] = Mark::open;
    path_.push_back(row);
    for (const std::uint32_t assessment : model_.settings[row].requires_tokens)
      if (const auto program = asked_program(model_, model_.settings[row], assessment)) visit(*program);
    path_.pop_back();
    marks_[row] = Mark::done;
  }

  const Model& model_;
  std::vector<Mark> marks_;
  std::vector<std::uint32_t> path_, circle_;
};

}  // namespace

std::vector<std::uint32_t> circle_of_requirements(const Model& model) {
  return CircleSearch{model}.find();
}

}  // namespace tl
