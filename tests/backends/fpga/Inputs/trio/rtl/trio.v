// A design by hand: 3 spikes, and a current of 8 bits for each neuron, into 3 neurons that integrate and fire.
//
//   u = W s + x     v = v + u     v > 100 => a spike, v = 0
//
// It answers with the spikes (port 0) and with u (port 1), and shows v. fault.hex, which belongs to no design, holds 0, or
// what is wrong: 1, the spikes of neuron 1 are not sent; 2, tvalid falls while it waits; 3, no step ends; 4, u of neuron 0 is
// sent twice; 5, it goes on with wrong states; 6, a value is beyond its range; 7, writes are refused.
`default_nettype none

module trio #(
    parameter WEIGHTS = "../mem/weights.hex",
    parameter FAULT = "../fault.hex"
) (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        s_axis_tvalid,
    output wire        s_axis_tready,
    input  wire [15:0] s_axis_tdata,
    input  wire        s_axis_tlast,
    output wire        m_axis_tvalid,
    input  wire        m_axis_tready,
    output wire [15:0] m_axis_tdata,
    output wire        m_axis_tlast,
    input  wire [12:0] s_axil_awaddr,
    input  wire [2:0]  s_axil_awprot,
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire [3:0]  s_axil_wstrb,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [1:0]  s_axil_bresp,
    output reg         s_axil_bvalid,
    input  wire        s_axil_bready,
    input  wire [12:0] s_axil_araddr,
    input  wire [2:0]  s_axil_arprot,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output reg  [31:0] s_axil_rdata,
    output wire [1:0]  s_axil_rresp,
    output reg         s_axil_rvalid,
    input  wire        s_axil_rready
);
  localparam [1:0] CLEAR = 2'd0, TAKE = 2'd1, SEND = 2'd2, FINISH = 2'd3;

  reg [1:0] state;
  reg       enabled;
  reg       started;  // events of this step were taken
  reg [1:0] neuron;
  reg       second;   // of the neuron the event of u was sent
  reg       sent;

  reg signed [7:0]  weights [0:8];
  reg signed [15:0] u [0:2];
  reg signed [31:0] v [0:2];
  reg [2:0]         fault [0:0];
  initial $readmemh(WEIGHTS, weights);
  initial $readmemh(FAULT, fault);

  // Beats that come in
  wire              taken = s_axis_tvalid && s_axis_tready;
  wire [1:0]        address = s_axis_tdata[1:0];
  wire              port = s_axis_tdata[2];
  wire signed [7:0] number = s_axis_tdata[10:3];
  assign s_axis_tready = state == TAKE && enabled;

  // Beats that go out
  wire signed [31:0] sum = v[neuron] + {{16{u[neuron][15]}}, u[neuron]};
  wire               fires = sum > 32'sd100;
  wire               sendsSum = state == SEND && !second && u[neuron] != 0;
  wire               sendsSpike = state == SEND && second && fires && !(fault[0] == 3'd1 && neuron == 2'd1);
  wire               moves = m_axis_tready || !(sendsSum || sendsSpike || state == FINISH);
  reg  blinks;
  always @(posedge aclk) blinks <= m_axis_tvalid && !m_axis_tready;
  assign m_axis_tvalid = (sendsSum || sendsSpike || (state == FINISH && fault[0] != 3'd3)) && !(fault[0] == 3'd2 && blinks);
  assign m_axis_tlast = state == FINISH;
  assign m_axis_tdata = m_axis_tlast ? 16'd0
                      : second ? {3'd0, 10'd1, 1'b0, neuron}
                      : {3'd0, fault[0] == 3'd6 ? 10'd203 : u[neuron][9:0], 1'b1, neuron};

  // Registers
  wire written = s_axil_awvalid && s_axil_wvalid && !s_axil_bvalid;
  wire goesBack = written && s_axil_awaddr == 13'h0 && s_axil_wdata[1];
  assign s_axil_awready = written;
  assign s_axil_wready = written;
  assign s_axil_bresp = fault[0] == 3'd7 ? 2'd2 : 2'd0;
  assign s_axil_rresp = 2'd0;
  assign s_axil_arready = !s_axil_rvalid;
  reg [31:0] stepsIn, stepsOut, cycles, eventsIn, eventsOut, stalls;
  wire idle = state == TAKE && !started;

  integer i;
  always @(posedge aclk) begin
    if (!aresetn) begin
      state <= CLEAR;
      enabled <= 1'b0;
      started <= 1'b0;
      neuron <= 2'd0;
      second <= 1'b0;
      sent <= 1'b0;
      s_axil_bvalid <= 1'b0;
      s_axil_rvalid <= 1'b0;
      stepsIn <= 32'd0;
      stepsOut <= 32'd0;
      cycles <= 32'd0;
      eventsIn <= 32'd0;
      eventsOut <= 32'd0;
      stalls <= 32'd0;
    end else begin
      cycles <= cycles + {31'd0, !idle};
      stalls <= stalls + {31'd0, m_axis_tvalid && !m_axis_tready};
      stepsIn <= stepsIn + {31'd0, taken && s_axis_tlast};
      eventsIn <= eventsIn + {31'd0, taken && !s_axis_tlast};
      stepsOut <= stepsOut + {31'd0, m_axis_tvalid && m_axis_tready && m_axis_tlast};
      eventsOut <= eventsOut + {31'd0, m_axis_tvalid && m_axis_tready && !m_axis_tlast};
      case (state)
        CLEAR: begin
          v[neuron] <= 32'sd0;
          u[neuron] <= 16'sd0;
          neuron <= neuron == 2'd2 ? 2'd0 : neuron + 2'd1;
          if (neuron == 2'd2) state <= TAKE;
        end
        TAKE:
        if (taken) begin
          started <= 1'b1;
          if (s_axis_tlast) state <= SEND;
          else if (port) u[address] <= u[address] + {{8{number[7]}}, number};
          else
            for (i = 0; i < 3; i = i + 1)
              u[i] <= u[i] + {{8{weights[3 * address + i][7]}}, weights[3 * address + i]};
        end
        SEND:
        if (moves) begin
          second <= !second;
          sent <= !second;
          if (second) begin
            v[neuron] <= fires && fault[0] != 3'd5 ? 32'sd0 : sum;
            u[neuron] <= 16'sd0;
            neuron <= neuron == 2'd2 ? 2'd0 : neuron + 2'd1;
            if (neuron == 2'd2) state <= FINISH;
          end else if (fault[0] == 3'd4 && neuron == 2'd0) second <= sent;
        end
        FINISH:
        if (moves && fault[0] != 3'd3) begin
          started <= 1'b0;
          state <= TAKE;
        end
      endcase
      if (written) s_axil_bvalid <= 1'b1;
      else if (s_axil_bready) s_axil_bvalid <= 1'b0;
      if (written && s_axil_awaddr == 13'h0) enabled <= s_axil_wdata[0];
      if (goesBack) begin
        state <= CLEAR;
        neuron <= 2'd0;
        second <= 1'b0;
        started <= 1'b0;
      end
      if (s_axil_arvalid && s_axil_arready) begin
        s_axil_rvalid <= 1'b1;
        case (s_axil_araddr)
          13'h0000: s_axil_rdata <= {31'd0, enabled};
          13'h0004: s_axil_rdata <= {30'd0, state == CLEAR, idle};
          13'h0008: s_axil_rdata <= stepsIn;
          13'h000c: s_axil_rdata <= stepsOut;
          13'h0010: s_axil_rdata <= cycles;
          13'h0014: s_axil_rdata <= eventsIn;
          13'h0018: s_axil_rdata <= eventsOut;
          13'h001c: s_axil_rdata <= stalls;
          13'h1000: s_axil_rdata <= v[0];
          13'h1004: s_axil_rdata <= v[1];
          13'h1008: s_axil_rdata <= v[2];
          default: s_axil_rdata <= 32'd0;
        endcase
      end else if (s_axil_rready) s_axil_rvalid <= 1'b0;
    end
  end

  wire _unused_ok = &{1'b0, s_axis_tdata[15:11], s_axil_awprot, s_axil_arprot, s_axil_wstrb, s_axil_wdata[31:2], 1'b0};
endmodule

`default_nettype wire
