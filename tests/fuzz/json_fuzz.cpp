// SPDX-License-Identifier: Apache-2.0
// Requests of every method in JSON, and answers on the way back.
#include "doorstep/admin/v1/office_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"
#include "doorstep/records/v1/records_service.pb.h"
#include "sync-server/http/json_transcoder.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const http::JsonTranscoder transcoder;
  static const google::protobuf::Descriptor* const types[] = {
      admin::v1::ImportRotaRequest::descriptor(), records::v1::ProofExtra::descriptor(),
      monitoring::v1::GetVisitResponse::descriptor(), admin::v1::ImportRotaResponse::descriptor()};
  if (size == 0)
    return 0;
  const auto& type = *types[bytes[0] % std::size(types)];
  const std::string_view text = fuzz::Input(bytes + 1, size - 1).rest();
  if (const auto binary = transcoder.toBinary(type, text); binary.ok())
    (void)transcoder.toJson(type, *binary).ok();
  (void)transcoder.toJson(type, text).ok();
  return 0;
}
