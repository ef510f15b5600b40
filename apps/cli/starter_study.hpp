#pragma once
#include <functional>
#include <string>

#include "models/flow.hpp"
#include "models/model.hpp"
#include "models/rows.hpp"

namespace tl {

/// What a first study of a model is made from.
struct StudiedModel {
  std::string path;  ///< from the study's folder
  const Document& rows;
  const Model& model;
  FlowReport flow;
};

/// A study with remarks: the model as it is, and 10 % more of what fills first. Further parts sleep behind a `#` with
/// no blank after it; each is one that `accepts` takes, given the study in which it alone is awake.
std::string starter_study(const StudiedModel& studied, const std::function<bool(const std::string&)>& accepts);

}  // namespace tl
