// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "shared/sql/database.h"

namespace doorstep::support {

// Corrupts the signature of the entry at a position, in every log of the file.
inline void spoilSignature(sql::Database& database, std::uint64_t position) {
  auto read = database.prepare("SELECT entry FROM entry WHERE position = ?");
  REQUIRE(read.ok());
  REQUIRE(read->bindId(0, position).step().value());
  std::string bytes = read->columnBlob(0);  // the signature is last
  read->reset();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  auto write = database.prepare("UPDATE entry SET entry = ? WHERE position = ?");
  REQUIRE(write.ok());
  REQUIRE(write->bindBlob(0, bytes).bindId(1, position).run().ok());
}

}  // namespace doorstep::support
